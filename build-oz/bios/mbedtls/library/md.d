build-oz/bios/mbedtls/library/md.o: build/deps/mbedtls/library/md.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h \
 build/deps/mbedtls/library/md_wrap.h build/deps/mbedtls/library/md_psa.h \
 build/deps/mbedtls/library/psa_util_internal.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
build/deps/mbedtls/library/md_wrap.h:
build/deps/mbedtls/library/md_psa.h:
build/deps/mbedtls/library/psa_util_internal.h:
