build-oz/bios/net/stack/port/glue.o: net/stack/port/glue.cc \
 net/stack/port/glue.h src/platform.h src/base/bytes.h src/base/result.h \
 src/base/text_ring.h src/base/time.h src/load_plan.h src/memory_map.h \
 src/program.h net/stack/checksum.h
net/stack/port/glue.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/stack/checksum.h:
