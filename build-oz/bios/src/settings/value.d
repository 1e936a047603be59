build-oz/bios/src/settings/value.o: src/settings/value.cc \
 src/settings/value.h src/base/bytes.h src/base/result.h \
 src/base/address.h src/base/format.h src/base/text.h src/settings/ipv6.h \
 src/uri/uri.h
src/settings/value.h:
src/base/bytes.h:
src/base/result.h:
src/base/address.h:
src/base/format.h:
src/base/text.h:
src/settings/ipv6.h:
src/uri/uri.h:
