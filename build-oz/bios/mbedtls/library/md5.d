build-oz/bios/mbedtls/library/md5.o: build/deps/mbedtls/library/md5.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
