build-oz/bios/mbedtls/library/cipher.o: \
 build/deps/mbedtls/library/cipher.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/cipher_invasive.h \
 build/deps/mbedtls/library/cipher_wrap.h \
 build/deps/mbedtls/library/constant_time_internal.h \
 build/deps/mbedtls/library/constant_time_impl.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/cipher_invasive.h:
build/deps/mbedtls/library/cipher_wrap.h:
build/deps/mbedtls/library/constant_time_internal.h:
build/deps/mbedtls/library/constant_time_impl.h:
