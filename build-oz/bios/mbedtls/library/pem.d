build-oz/bios/mbedtls/library/pem.o: build/deps/mbedtls/library/pem.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
