build-oz/bios/mbedtls/library/psa_crypto_client.o: \
 build/deps/mbedtls/library/psa_crypto_client.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
