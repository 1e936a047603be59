build-oz/bios/arch/x86_64/exceptions.o: arch/x86_64/exceptions.cc \
 arch/x86_64/exceptions.h arch/x86_64/libc/panic.h
arch/x86_64/exceptions.h:
arch/x86_64/libc/panic.h:
