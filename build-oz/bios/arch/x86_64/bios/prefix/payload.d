build-oz/bios/arch/x86_64/bios/prefix/payload.o: \
 arch/x86_64/bios/prefix/payload.S arch/x86_64/bios/low_block.h
arch/x86_64/bios/low_block.h:
