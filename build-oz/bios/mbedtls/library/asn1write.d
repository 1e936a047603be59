build-oz/bios/mbedtls/library/asn1write.o: \
 build/deps/mbedtls/library/asn1write.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
