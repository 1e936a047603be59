build-oz/bios/src/image/multiboot2_info.o: src/image/multiboot2_info.cc \
 src/image/multiboot2_info.h src/image/elf.h src/base/bytes.h \
 src/base/result.h src/memory_map.h src/image/multiboot_parts.h \
 src/image/image.h src/fetch.h src/base/time.h src/uri/uri.h \
 src/load_plan.h src/platform.h src/base/text_ring.h src/program.h \
 src/image/placement.h src/base/format.h src/version.h
src/image/multiboot2_info.h:
src/image/elf.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/image/multiboot_parts.h:
src/image/image.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/load_plan.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
src/image/placement.h:
src/base/format.h:
src/version.h:
