build-oz/bios/mbedtls/library/oid.o: build/deps/mbedtls/library/oid.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
