build-oz/bios/src/image/efi_program.o: src/image/efi_program.cc \
 src/image/efi_program.h src/image/image.h src/base/result.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/base/format.h src/image/initrd.h
src/image/efi_program.h:
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
src/image/initrd.h:
