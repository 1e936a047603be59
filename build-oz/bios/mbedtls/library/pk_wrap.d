build-oz/bios/mbedtls/library/pk_wrap.o: \
 build/deps/mbedtls/library/pk_wrap.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/pk_wrap.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/pk_wrap.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
