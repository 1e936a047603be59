build-oz/bios/mbedtls/library/platform_util.o: \
 build/deps/mbedtls/library/platform_util.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
