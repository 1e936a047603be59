build-oz/bios/mbedtls/library/rsa.o: build/deps/mbedtls/library/rsa.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/bignum_core.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h \
 build/deps/mbedtls/library/bignum_internal.h \
 build/deps/mbedtls/library/rsa_alt_helpers.h \
 build/deps/mbedtls/library/rsa_internal.h \
 build/deps/mbedtls/library/md_psa.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/bignum_core.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
build/deps/mbedtls/library/bignum_internal.h:
build/deps/mbedtls/library/rsa_alt_helpers.h:
build/deps/mbedtls/library/rsa_internal.h:
build/deps/mbedtls/library/md_psa.h:
