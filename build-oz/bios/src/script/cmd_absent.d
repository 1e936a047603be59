build-oz/bios/src/script/cmd_absent.o: src/script/cmd_absent.cc \
 src/base/format.h src/base/bytes.h src/script/families.h \
 src/script/command.h src/base/result.h src/script/options.h \
 src/base/time.h src/script/params.h src/fetch.h src/uri/uri.h
src/base/format.h:
src/base/bytes.h:
src/script/families.h:
src/script/command.h:
src/base/result.h:
src/script/options.h:
src/base/time.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
