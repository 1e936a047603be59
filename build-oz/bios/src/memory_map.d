build-oz/bios/src/memory_map.o: src/memory_map.cc src/memory_map.h \
 src/base/result.h
src/memory_map.h:
src/base/result.h:
