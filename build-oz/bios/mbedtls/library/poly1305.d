build-oz/bios/mbedtls/library/poly1305.o: \
 build/deps/mbedtls/library/poly1305.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
