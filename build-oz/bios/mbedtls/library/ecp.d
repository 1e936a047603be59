build-oz/bios/mbedtls/library/ecp.o: build/deps/mbedtls/library/ecp.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/bn_mul.h \
 build/deps/mbedtls/library/bignum_internal.h \
 build/deps/mbedtls/library/ecp_invasive.h \
 build/deps/mbedtls/library/bignum_mod.h \
 build/deps/mbedtls/library/ecp_internal_alt.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/bn_mul.h:
build/deps/mbedtls/library/bignum_internal.h:
build/deps/mbedtls/library/ecp_invasive.h:
build/deps/mbedtls/library/bignum_mod.h:
build/deps/mbedtls/library/ecp_internal_alt.h:
