build-oz/bios/mbedtls/library/ctr_drbg.o: \
 build/deps/mbedtls/library/ctr_drbg.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h build/deps/mbedtls/library/ctr.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/ctr.h:
