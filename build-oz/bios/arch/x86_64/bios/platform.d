build-oz/bios/arch/x86_64/bios/platform.o: arch/x86_64/bios/platform.cc \
 arch/x86_64/bios/platform.h arch/x86_64/bios/low_block.h \
 arch/x86_64/moves.h src/load_plan.h src/base/bytes.h src/memory_map.h \
 src/base/result.h drivers/undi/rom.h src/platform.h src/base/text_ring.h \
 src/base/time.h src/program.h arch/x86_64/bios/acpi.h \
 arch/x86_64/bios/keyboard.h arch/x86_64/bios/power.h \
 arch/x86_64/bios/real_mode.h arch/x86_64/bios/rtc.h \
 arch/x86_64/bios/vga.h arch/x86_64/clock.h arch/x86_64/entropy.h \
 arch/x86_64/firmware_tables.h arch/x86_64/fw_cfg.h arch/x86_64/io.h \
 arch/x86_64/paging.h arch/x86_64/serial.h drivers/pci/config.h \
 drivers/undi/api.h src/base/address.h src/base/format.h
arch/x86_64/bios/platform.h:
arch/x86_64/bios/low_block.h:
arch/x86_64/moves.h:
src/load_plan.h:
src/base/bytes.h:
src/memory_map.h:
src/base/result.h:
drivers/undi/rom.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/program.h:
arch/x86_64/bios/acpi.h:
arch/x86_64/bios/keyboard.h:
arch/x86_64/bios/power.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/bios/rtc.h:
arch/x86_64/bios/vga.h:
arch/x86_64/clock.h:
arch/x86_64/entropy.h:
arch/x86_64/firmware_tables.h:
arch/x86_64/fw_cfg.h:
arch/x86_64/io.h:
arch/x86_64/paging.h:
arch/x86_64/serial.h:
drivers/pci/config.h:
drivers/undi/api.h:
src/base/address.h:
src/base/format.h:
