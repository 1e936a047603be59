build-oz/bios/src/loop.o: src/loop.cc src/loop.h src/base/time.h \
 src/platform.h src/base/bytes.h src/base/result.h src/base/text_ring.h \
 src/load_plan.h src/memory_map.h src/program.h
src/loop.h:
src/base/time.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
