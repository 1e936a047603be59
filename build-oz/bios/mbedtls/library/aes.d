build-oz/bios/mbedtls/library/aes.o: build/deps/mbedtls/library/aes.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/aesni.h build/deps/mbedtls/library/ctr.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/aesni.h:
build/deps/mbedtls/library/ctr.h:
