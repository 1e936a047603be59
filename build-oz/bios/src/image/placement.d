build-oz/bios/src/image/placement.o: src/image/placement.cc \
 src/image/placement.h src/memory_map.h src/base/result.h
src/image/placement.h:
src/memory_map.h:
src/base/result.h:
