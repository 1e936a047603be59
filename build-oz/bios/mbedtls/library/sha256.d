build-oz/bios/mbedtls/library/sha256.o: \
 build/deps/mbedtls/library/sha256.c build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
