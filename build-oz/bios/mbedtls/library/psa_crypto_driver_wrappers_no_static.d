build-oz/bios/mbedtls/library/psa_crypto_driver_wrappers_no_static.o: \
 build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_aead.h \
 build/deps/mbedtls/library/psa_crypto_cipher.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h \
 build/deps/mbedtls/library/psa_crypto_hash.h \
 build/deps/mbedtls/library/psa_crypto_mac.h \
 build/deps/mbedtls/library/psa_crypto_pake.h \
 build/deps/mbedtls/library/psa_crypto_rsa.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_aead.h:
build/deps/mbedtls/library/psa_crypto_cipher.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h:
build/deps/mbedtls/library/psa_crypto_hash.h:
build/deps/mbedtls/library/psa_crypto_mac.h:
build/deps/mbedtls/library/psa_crypto_pake.h:
build/deps/mbedtls/library/psa_crypto_rsa.h:
