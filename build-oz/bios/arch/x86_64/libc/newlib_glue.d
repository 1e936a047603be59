build-oz/bios/arch/x86_64/libc/newlib_glue.o: \
 arch/x86_64/libc/newlib_glue.cc arch/x86_64/libc/panic.h
arch/x86_64/libc/panic.h:
