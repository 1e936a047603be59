build-oz/bios/src/pxelinux/entry.o: src/pxelinux/entry.cc \
 src/pxelinux/entry.h src/base/result.h src/pxelinux/config.h \
 src/base/time.h src/uri/uri.h src/base/format.h src/base/bytes.h \
 src/base/text.h src/pxelinux/search.h src/base/address.h
src/pxelinux/entry.h:
src/base/result.h:
src/pxelinux/config.h:
src/base/time.h:
src/uri/uri.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
src/pxelinux/search.h:
src/base/address.h:
