build-oz/bios/mbedtls/library/pk.o: build/deps/mbedtls/library/pk.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/pk_wrap.h \
 build/deps/mbedtls/library/pkwrite.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/rsa_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/pk_wrap.h:
build/deps/mbedtls/library/pkwrite.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/rsa_internal.h:
