build-oz/bios/net/stack/checksum.o: net/stack/checksum.cc \
 net/stack/checksum.h src/base/bytes.h
net/stack/checksum.h:
src/base/bytes.h:
