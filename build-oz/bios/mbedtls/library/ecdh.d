build-oz/bios/mbedtls/library/ecdh.o: build/deps/mbedtls/library/ecdh.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
