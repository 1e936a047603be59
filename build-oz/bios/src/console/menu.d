build-oz/bios/src/console/menu.o: src/console/menu.cc src/console/menu.h \
 src/base/result.h src/base/time.h src/base/format.h src/base/bytes.h \
 src/base/text.h src/console/keys.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/memory_map.h src/program.h \
 src/console/screen.h src/console/console.h src/console/palette.h
src/console/menu.h:
src/base/result.h:
src/base/time.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
src/console/keys.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/console/screen.h:
src/console/console.h:
src/console/palette.h:
