build-oz/bios/src/script/options.o: src/script/options.cc \
 src/script/options.h src/base/format.h src/base/bytes.h \
 src/base/result.h src/base/time.h src/base/text.h
src/script/options.h:
src/base/format.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/base/text.h:
