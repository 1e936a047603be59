build-oz/bios/src/uri/uri.o: src/uri/uri.cc src/uri/uri.h \
 src/base/result.h src/base/format.h src/base/bytes.h src/base/text.h
src/uri/uri.h:
src/base/result.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
