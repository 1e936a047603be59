build-oz/bios/mbedtls/library/ecdsa.o: build/deps/mbedtls/library/ecdsa.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/bignum_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/bignum_internal.h:
