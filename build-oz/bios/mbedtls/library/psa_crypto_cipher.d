build-oz/bios/mbedtls/library/psa_crypto_cipher.o: \
 build/deps/mbedtls/library/psa_crypto_cipher.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_cipher.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_random_impl.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_cipher.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_random_impl.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
