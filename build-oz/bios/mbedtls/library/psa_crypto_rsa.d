build-oz/bios/mbedtls/library/psa_crypto_rsa.o: \
 build/deps/mbedtls/library/psa_crypto_rsa.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_random_impl.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/psa_crypto_rsa.h \
 build/deps/mbedtls/library/psa_crypto_hash.h \
 build/deps/mbedtls/library/rsa_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_random_impl.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/psa_crypto_rsa.h:
build/deps/mbedtls/library/psa_crypto_hash.h:
build/deps/mbedtls/library/rsa_internal.h:
