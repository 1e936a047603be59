build-oz/bios/mbedtls/library/rsa_alt_helpers.o: \
 build/deps/mbedtls/library/rsa_alt_helpers.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/bignum_internal.h \
 build/deps/mbedtls/library/rsa_alt_helpers.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/bignum_internal.h:
build/deps/mbedtls/library/rsa_alt_helpers.h:
