build-oz/bios/src/image/bzimage.o: src/image/bzimage.cc \
 src/image/bzimage.h src/image/image.h src/base/result.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/base/format.h src/image/initrd.h src/image/placement.h
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
src/base/format.h:
src/image/initrd.h:
src/image/placement.h:
