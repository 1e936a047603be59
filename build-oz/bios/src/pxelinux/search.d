build-oz/bios/src/pxelinux/search.o: src/pxelinux/search.cc \
 src/pxelinux/search.h src/base/address.h src/base/result.h src/uri/uri.h \
 src/base/format.h src/base/bytes.h src/base/text.h
src/pxelinux/search.h:
src/base/address.h:
src/base/result.h:
src/uri/uri.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
