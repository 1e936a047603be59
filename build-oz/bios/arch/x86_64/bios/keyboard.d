build-oz/bios/arch/x86_64/bios/keyboard.o: arch/x86_64/bios/keyboard.cc \
 arch/x86_64/bios/keyboard.h arch/x86_64/bios/real_mode.h \
 arch/x86_64/bios/low_block.h src/base/bytes.h arch/x86_64/io.h
arch/x86_64/bios/keyboard.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/bios/low_block.h:
src/base/bytes.h:
arch/x86_64/io.h:
