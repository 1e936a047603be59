build-oz/bios/arch/x86_64/libc/cxx_runtime.o: \
 arch/x86_64/libc/cxx_runtime.cc arch/x86_64/libc/panic.h
arch/x86_64/libc/panic.h:
