build-oz/bios/mbedtls/library/ssl_ciphersuites.o: \
 build/deps/mbedtls/library/ssl_ciphersuites.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/ssl_misc.h \
 build/deps/mbedtls/library/debug_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/ssl_ciphersuites_internal.h \
 build/deps/mbedtls/library/x509_internal.h \
 build/deps/mbedtls/library/pk_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/ssl_misc.h:
build/deps/mbedtls/library/debug_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/ssl_ciphersuites_internal.h:
build/deps/mbedtls/library/x509_internal.h:
build/deps/mbedtls/library/pk_internal.h:
