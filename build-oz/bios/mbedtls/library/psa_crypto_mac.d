build-oz/bios/mbedtls/library/psa_crypto_mac.o: \
 build/deps/mbedtls/library/psa_crypto_mac.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_cipher.h \
 build/deps/mbedtls/library/psa_crypto_mac.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_cipher.h:
build/deps/mbedtls/library/psa_crypto_mac.h:
