build-oz/bios/mbedtls/library/cipher_wrap.o: \
 build/deps/mbedtls/library/cipher_wrap.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/cipher_wrap.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/cipher_wrap.h:
