build-oz/bios/src/script/commands.o: src/script/commands.cc \
 src/script/families.h src/script/command.h src/base/result.h \
 src/script/options.h src/base/format.h src/base/bytes.h src/base/time.h \
 src/script/params.h src/fetch.h src/uri/uri.h
src/script/families.h:
src/script/command.h:
src/base/result.h:
src/script/options.h:
src/base/format.h:
src/base/bytes.h:
src/base/time.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
