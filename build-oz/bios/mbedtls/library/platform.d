build-oz/bios/mbedtls/library/platform.o: \
 build/deps/mbedtls/library/platform.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
