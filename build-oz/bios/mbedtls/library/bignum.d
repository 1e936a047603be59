build-oz/bios/mbedtls/library/bignum.o: \
 build/deps/mbedtls/library/bignum.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/bignum_core.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h \
 build/deps/mbedtls/library/bignum_internal.h \
 build/deps/mbedtls/library/bn_mul.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/bignum_core.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
build/deps/mbedtls/library/bignum_internal.h:
build/deps/mbedtls/library/bn_mul.h:
