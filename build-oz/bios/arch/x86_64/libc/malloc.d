build-oz/bios/arch/x86_64/libc/malloc.o: arch/x86_64/libc/malloc.cc \
 arch/x86_64/libc/heap.h
arch/x86_64/libc/heap.h:
