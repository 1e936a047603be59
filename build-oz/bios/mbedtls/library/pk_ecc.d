build-oz/bios/mbedtls/library/pk_ecc.o: \
 build/deps/mbedtls/library/pk_ecc.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
