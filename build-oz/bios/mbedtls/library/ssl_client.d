build-oz/bios/mbedtls/library/ssl_client.o: \
 build/deps/mbedtls/library/ssl_client.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/debug_internal.h \
 build/deps/mbedtls/library/ssl_client.h \
 build/deps/mbedtls/library/ssl_misc.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/ssl_ciphersuites_internal.h \
 build/deps/mbedtls/library/x509_internal.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/ssl_tls13_keys.h \
 build/deps/mbedtls/library/ssl_debug_helpers.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/debug_internal.h:
build/deps/mbedtls/library/ssl_client.h:
build/deps/mbedtls/library/ssl_misc.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/ssl_ciphersuites_internal.h:
build/deps/mbedtls/library/x509_internal.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/ssl_tls13_keys.h:
build/deps/mbedtls/library/ssl_debug_helpers.h:
