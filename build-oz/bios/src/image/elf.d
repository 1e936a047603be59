build-oz/bios/src/image/elf.o: src/image/elf.cc src/image/elf.h \
 src/base/bytes.h src/base/result.h src/memory_map.h src/base/format.h
src/image/elf.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/base/format.h:
