build-oz/bios/mbedtls/library/chachapoly.o: \
 build/deps/mbedtls/library/chachapoly.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
