build-oz/bios/src/image/formats.o: src/image/formats.cc src/base/text.h \
 src/image/bzimage.h src/image/image.h src/base/result.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/image/efi_program.h src/image/multiboot.h src/image/multiboot2.h
src/base/text.h:
src/image/bzimage.h:
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
src/image/efi_program.h:
src/image/multiboot.h:
src/image/multiboot2.h:
