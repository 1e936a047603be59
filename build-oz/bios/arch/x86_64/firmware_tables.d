build-oz/bios/arch/x86_64/firmware_tables.o: \
 arch/x86_64/firmware_tables.cc arch/x86_64/firmware_tables.h \
 src/base/bytes.h src/platform.h src/base/result.h src/base/text_ring.h \
 src/base/time.h src/load_plan.h src/memory_map.h src/program.h
arch/x86_64/firmware_tables.h:
src/base/bytes.h:
src/platform.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
