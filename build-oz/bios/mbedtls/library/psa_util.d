build-oz/bios/mbedtls/library/psa_util.o: \
 build/deps/mbedtls/library/psa_util.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/psa_util_internal.h:
