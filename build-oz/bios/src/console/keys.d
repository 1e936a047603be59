build-oz/bios/src/console/keys.o: src/console/keys.cc src/console/keys.h \
 src/base/time.h src/loop.h src/platform.h src/base/bytes.h \
 src/base/result.h src/base/text_ring.h src/load_plan.h src/memory_map.h \
 src/program.h
src/console/keys.h:
src/base/time.h:
src/loop.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
