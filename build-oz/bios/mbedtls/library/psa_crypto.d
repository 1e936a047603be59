build-oz/bios/mbedtls/library/psa_crypto.o: \
 build/deps/mbedtls/library/psa_crypto.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core_common.h \
 build/deps/mbedtls/library/psa_crypto_cipher.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_invasive.h \
 build/deps/mbedtls/library/psa_crypto_driver_wrappers.h \
 build/deps/mbedtls/library/psa_crypto_aead.h \
 build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h \
 build/deps/mbedtls/library/psa_crypto_hash.h \
 build/deps/mbedtls/library/psa_crypto_mac.h \
 build/deps/mbedtls/library/psa_crypto_pake.h \
 build/deps/mbedtls/library/psa_crypto_rsa.h \
 build/deps/mbedtls/library/psa_crypto_ecp.h \
 build/deps/mbedtls/library/psa_crypto_ffdh.h \
 build/deps/mbedtls/library/psa_crypto_slot_management.h \
 build/deps/mbedtls/library/psa_crypto_se.h \
 build/deps/mbedtls/library/psa_crypto_storage.h \
 build/deps/mbedtls/library/psa_crypto_random.h \
 build/deps/mbedtls/library/psa_crypto_random_impl.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/pk_wrap.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core_common.h:
build/deps/mbedtls/library/psa_crypto_cipher.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_invasive.h:
build/deps/mbedtls/library/psa_crypto_driver_wrappers.h:
build/deps/mbedtls/library/psa_crypto_aead.h:
build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h:
build/deps/mbedtls/library/psa_crypto_hash.h:
build/deps/mbedtls/library/psa_crypto_mac.h:
build/deps/mbedtls/library/psa_crypto_pake.h:
build/deps/mbedtls/library/psa_crypto_rsa.h:
build/deps/mbedtls/library/psa_crypto_ecp.h:
build/deps/mbedtls/library/psa_crypto_ffdh.h:
build/deps/mbedtls/library/psa_crypto_slot_management.h:
build/deps/mbedtls/library/psa_crypto_se.h:
build/deps/mbedtls/library/psa_crypto_storage.h:
build/deps/mbedtls/library/psa_crypto_random.h:
build/deps/mbedtls/library/psa_crypto_random_impl.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/pk_wrap.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
