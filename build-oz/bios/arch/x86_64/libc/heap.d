build-oz/bios/arch/x86_64/libc/heap.o: arch/x86_64/libc/heap.cc \
 arch/x86_64/libc/heap.h arch/x86_64/libc/panic.h
arch/x86_64/libc/heap.h:
arch/x86_64/libc/panic.h:
