build-oz/bios/src/archive/zstd.o: src/archive/zstd.cc \
 src/archive/decoders.h src/archive/archive.h src/base/bytes.h \
 src/base/result.h src/fetch.h src/base/time.h src/uri/uri.h \
 src/base/format.h
src/archive/decoders.h:
src/archive/archive.h:
src/base/bytes.h:
src/base/result.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/base/format.h:
