build-oz/bios/arch/x86_64/bios/entry.o: arch/x86_64/bios/entry.cc \
 arch/x86_64/bios/low_block.h arch/x86_64/bios/platform.h \
 arch/x86_64/moves.h src/load_plan.h src/base/bytes.h src/memory_map.h \
 src/base/result.h drivers/undi/rom.h src/platform.h src/base/text_ring.h \
 src/base/time.h src/program.h arch/x86_64/bios/power.h \
 arch/x86_64/bios/pxe.h drivers/undi/find.h arch/x86_64/bios/real_mode.h \
 arch/x86_64/serial.h arch/x86_64/bios/vga.h arch/x86_64/clock.h \
 arch/x86_64/exceptions.h arch/x86_64/io.h arch/x86_64/libc/heap.h \
 arch/x86_64/paging.h src/main.h drivers/nic.h src/base/address.h
arch/x86_64/bios/low_block.h:
arch/x86_64/bios/platform.h:
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
arch/x86_64/bios/power.h:
arch/x86_64/bios/pxe.h:
drivers/undi/find.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/serial.h:
arch/x86_64/bios/vga.h:
arch/x86_64/clock.h:
arch/x86_64/exceptions.h:
arch/x86_64/io.h:
arch/x86_64/libc/heap.h:
arch/x86_64/paging.h:
src/main.h:
drivers/nic.h:
src/base/address.h:
