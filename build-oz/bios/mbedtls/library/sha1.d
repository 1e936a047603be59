build-oz/bios/mbedtls/library/sha1.o: build/deps/mbedtls/library/sha1.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
