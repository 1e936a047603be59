build-oz/bios/net/timer.o: net/timer.cc net/timer.h src/base/time.h \
 src/platform.h src/base/bytes.h src/base/result.h src/base/text_ring.h \
 src/load_plan.h src/memory_map.h src/program.h
net/timer.h:
src/base/time.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
