build-oz/bios/src/settings/ipv6.o: src/settings/ipv6.cc \
 src/settings/ipv6.h src/base/address.h src/base/format.h \
 src/base/bytes.h src/base/text.h
src/settings/ipv6.h:
src/base/address.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
