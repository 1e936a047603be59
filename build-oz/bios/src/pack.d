build-oz/bios/src/pack.o: src/pack.cc src/pack.h src/base/bytes.h \
 src/base/result.h src/base/format.h
src/pack.h:
src/base/bytes.h:
src/base/result.h:
src/base/format.h:
