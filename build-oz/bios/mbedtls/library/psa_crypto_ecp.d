build-oz/bios/mbedtls/library/psa_crypto_ecp.o: \
 build/deps/mbedtls/library/psa_crypto_ecp.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_ecp.h \
 build/deps/mbedtls/library/psa_crypto_random_impl.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_ecp.h:
build/deps/mbedtls/library/psa_crypto_random_impl.h:
build/deps/mbedtls/library/psa_util_internal.h:
