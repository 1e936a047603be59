build-oz/bios/src/image/multiboot2.o: src/image/multiboot2.cc \
 src/image/multiboot2.h src/image/image.h src/base/result.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/base/format.h src/image/multiboot2_header.h \
 src/image/multiboot2_info.h src/image/elf.h src/image/multiboot_parts.h \
 src/image/placement.h
src/image/multiboot2.h:
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
src/image/multiboot2_header.h:
src/image/multiboot2_info.h:
src/image/elf.h:
src/image/multiboot_parts.h:
src/image/placement.h:
