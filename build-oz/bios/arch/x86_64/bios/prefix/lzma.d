build-oz/bios/arch/x86_64/bios/prefix/lzma.o: \
 arch/x86_64/bios/prefix/lzma.cc arch/x86_64/bios/prefix/lzma.h
arch/x86_64/bios/prefix/lzma.h:
