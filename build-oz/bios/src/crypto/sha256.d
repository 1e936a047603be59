build-oz/bios/src/crypto/sha256.o: src/crypto/sha256.cc \
 src/crypto/sha256.h src/base/bytes.h
src/crypto/sha256.h:
src/base/bytes.h:
