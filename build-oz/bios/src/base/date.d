build-oz/bios/src/base/date.o: src/base/date.cc src/base/date.h \
 src/base/format.h src/base/bytes.h
src/base/date.h:
src/base/format.h:
src/base/bytes.h:
