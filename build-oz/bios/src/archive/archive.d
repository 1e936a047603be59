build-oz/bios/src/archive/archive.o: src/archive/archive.cc \
 src/archive/archive.h src/base/bytes.h src/base/result.h src/fetch.h \
 src/base/time.h src/uri/uri.h src/archive/decoders.h src/base/format.h
src/archive/archive.h:
src/base/bytes.h:
src/base/result.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/archive/decoders.h:
src/base/format.h:
