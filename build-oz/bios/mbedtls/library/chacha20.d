build-oz/bios/mbedtls/library/chacha20.o: \
 build/deps/mbedtls/library/chacha20.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
