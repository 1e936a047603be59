build-oz/bios/src/image/image_memory.o: src/image/image_memory.cc \
 src/base/format.h src/base/bytes.h src/image/image.h src/base/result.h \
 src/fetch.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h
src/base/format.h:
src/base/bytes.h:
src/image/image.h:
src/base/result.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/load_plan.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
