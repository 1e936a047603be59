build-oz/bios/arch/x86_64/libc/memory.o: arch/x86_64/libc/memory.cc
