build-oz/bios/mbedtls/library/ssl_msg.o: \
 build/deps/mbedtls/library/ssl_msg.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/ssl_misc.h \
 build/deps/mbedtls/library/debug_internal.h \
 build/deps/mbedtls/library/psa_util_internal.h \
 build/deps/mbedtls/library/ssl_ciphersuites_internal.h \
 build/deps/mbedtls/library/x509_internal.h \
 build/deps/mbedtls/library/pk_internal.h \
 build/deps/mbedtls/library/ssl_debug_helpers.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/ssl_misc.h:
build/deps/mbedtls/library/debug_internal.h:
build/deps/mbedtls/library/psa_util_internal.h:
build/deps/mbedtls/library/ssl_ciphersuites_internal.h:
build/deps/mbedtls/library/x509_internal.h:
build/deps/mbedtls/library/pk_internal.h:
build/deps/mbedtls/library/ssl_debug_helpers.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
