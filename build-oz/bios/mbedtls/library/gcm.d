build-oz/bios/mbedtls/library/gcm.o: build/deps/mbedtls/library/gcm.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/aesni.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/aesni.h:
