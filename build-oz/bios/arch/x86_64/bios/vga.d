build-oz/bios/arch/x86_64/bios/vga.o: arch/x86_64/bios/vga.cc \
 arch/x86_64/bios/vga.h arch/x86_64/bios/real_mode.h \
 arch/x86_64/bios/low_block.h src/base/bytes.h arch/x86_64/io.h
arch/x86_64/bios/vga.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/bios/low_block.h:
src/base/bytes.h:
arch/x86_64/io.h:
