build-oz/bios/src/image/multiboot.o: src/image/multiboot.cc \
 src/image/multiboot.h src/image/image.h src/base/result.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/base/format.h src/image/multiboot2.h src/image/multiboot_info.h \
 src/image/multiboot_parts.h src/image/elf.h src/image/placement.h
src/image/multiboot.h:
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
src/base/format.h:
src/image/multiboot2.h:
src/image/multiboot_info.h:
src/image/multiboot_parts.h:
src/image/elf.h:
src/image/placement.h:
