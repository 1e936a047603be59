build-oz/bios/src/script/shell.o: src/script/shell.cc src/script/shell.h \
 src/script/command.h src/base/result.h src/script/options.h \
 src/base/format.h src/base/bytes.h src/base/time.h src/script/params.h \
 src/fetch.h src/uri/uri.h src/console/console.h src/console/menu.h \
 src/console/palette.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/memory_map.h src/program.h src/script/completion.h \
 src/script/interpreter.h
src/script/shell.h:
src/script/command.h:
src/base/result.h:
src/script/options.h:
src/base/format.h:
src/base/bytes.h:
src/base/time.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/script/completion.h:
src/script/interpreter.h:
