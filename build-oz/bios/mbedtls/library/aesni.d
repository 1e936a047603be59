build-oz/bios/mbedtls/library/aesni.o: build/deps/mbedtls/library/aesni.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/aesni.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/aesni.h:
