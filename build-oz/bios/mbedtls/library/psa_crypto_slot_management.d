build-oz/bios/mbedtls/library/psa_crypto_slot_management.o: \
 build/deps/mbedtls/library/psa_crypto_slot_management.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_crypto_core.h \
 build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h \
 build/deps/mbedtls/library/psa_crypto_slot_management.h \
 build/deps/mbedtls/library/psa_crypto_se.h \
 build/deps/mbedtls/library/psa_crypto_storage.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_crypto_core.h:
build/deps/mbedtls/library/psa_crypto_driver_wrappers_no_static.h:
build/deps/mbedtls/library/psa_crypto_slot_management.h:
build/deps/mbedtls/library/psa_crypto_se.h:
build/deps/mbedtls/library/psa_crypto_storage.h:
