build-oz/bios/mbedtls/library/psa_crypto_hash.o: \
 build/deps/mbedtls/library/psa_crypto_hash.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_hash.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_hash.h:
