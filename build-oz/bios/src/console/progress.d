build-oz/bios/src/console/progress.o: src/console/progress.cc \
 src/console/progress.h src/base/result.h src/console/console.h \
 src/base/time.h src/console/menu.h src/console/palette.h src/loop.h \
 src/platform.h src/base/bytes.h src/base/text_ring.h src/load_plan.h \
 src/memory_map.h src/program.h src/fetch.h src/uri/uri.h \
 src/base/format.h
src/console/progress.h:
src/base/result.h:
src/console/console.h:
src/base/time.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/bytes.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/fetch.h:
src/uri/uri.h:
src/base/format.h:
