build-oz/bios/src/base/format.o: src/base/format.cc src/base/format.h \
 src/base/bytes.h
src/base/format.h:
src/base/bytes.h:
