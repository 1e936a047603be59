build-oz/bios/arch/x86_64/bios/prefix/unpack.o: \
 arch/x86_64/bios/prefix/unpack.cc arch/x86_64/bios/low_block.h \
 arch/x86_64/bios/placement.h arch/x86_64/bios/prefix/lzma.h \
 arch/x86_64/io.h
arch/x86_64/bios/low_block.h:
arch/x86_64/bios/placement.h:
arch/x86_64/bios/prefix/lzma.h:
arch/x86_64/io.h:
