build-oz/bios/net/stack/arp.o: net/stack/arp.cc net/stack/arp.h \
 src/base/address.h src/base/bytes.h
net/stack/arp.h:
src/base/address.h:
src/base/bytes.h:
