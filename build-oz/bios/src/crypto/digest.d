build-oz/bios/src/crypto/digest.o: src/crypto/digest.cc \
 src/crypto/digest.h src/base/bytes.h src/base/text.h
src/crypto/digest.h:
src/base/bytes.h:
src/base/text.h:
