build-oz/bios/mbedtls/library/sha512.o: \
 build/deps/mbedtls/library/sha512.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
