build-oz/bios/mbedtls/library/pkcs7.o: build/deps/mbedtls/library/pkcs7.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/x509_internal.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/x509_internal.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
