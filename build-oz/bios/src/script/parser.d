build-oz/bios/src/script/parser.o: src/script/parser.cc \
 src/script/parser.h src/base/bytes.h src/base/result.h src/base/text.h
src/script/parser.h:
src/base/bytes.h:
src/base/result.h:
src/base/text.h:
