build-oz/bios/arch/x86_64/bios/acpi.o: arch/x86_64/bios/acpi.cc \
 arch/x86_64/bios/acpi.h src/base/bytes.h arch/x86_64/firmware_tables.h \
 src/platform.h src/base/result.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/memory_map.h src/program.h \
 arch/x86_64/bios/real_mode.h arch/x86_64/bios/low_block.h
arch/x86_64/bios/acpi.h:
src/base/bytes.h:
arch/x86_64/firmware_tables.h:
src/platform.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/bios/low_block.h:
