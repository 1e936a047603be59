build-oz/bios/mbedtls/library/hkdf.o: build/deps/mbedtls/library/hkdf.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
