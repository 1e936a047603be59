build-oz/bios/arch/x86_64/clock.o: arch/x86_64/clock.cc \
 arch/x86_64/clock.h arch/x86_64/io.h
arch/x86_64/clock.h:
arch/x86_64/io.h:
