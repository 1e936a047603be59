build-oz/bios/mbedtls/library/block_cipher.o: \
 build/deps/mbedtls/library/block_cipher.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/block_cipher_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/block_cipher_internal.h:
