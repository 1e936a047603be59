build-oz/bios/mbedtls/library/asn1parse.o: \
 build/deps/mbedtls/library/asn1parse.c \
 build/deps/mbedtls/library/common.h \
 build/deps/mbedtls/library/alignment.h
build/deps/mbedtls/library/common.h:
build/deps/mbedtls/library/alignment.h:
