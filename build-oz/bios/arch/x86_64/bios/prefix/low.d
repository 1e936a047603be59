build-oz/bios/arch/x86_64/bios/prefix/low.o: \
 arch/x86_64/bios/prefix/low.S arch/x86_64/bios/low_block.h
arch/x86_64/bios/low_block.h:
