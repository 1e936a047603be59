build-oz/bios/arch/x86_64/bios/real_mode.o: arch/x86_64/bios/real_mode.cc \
 arch/x86_64/bios/real_mode.h arch/x86_64/bios/low_block.h \
 src/base/bytes.h
arch/x86_64/bios/real_mode.h:
arch/x86_64/bios/low_block.h:
src/base/bytes.h:
