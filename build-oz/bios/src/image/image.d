build-oz/bios/src/image/image.o: src/image/image.cc src/image/image.h \
 src/base/result.h src/fetch.h src/base/bytes.h src/base/time.h \
 src/uri/uri.h src/load_plan.h src/memory_map.h src/platform.h \
 src/base/text_ring.h src/program.h
src/image/image.h:
src/base/result.h:
src/fetch.h:
src/base/bytes.h:
src/base/time.h:
src/uri/uri.h:
src/load_plan.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
