build-oz/bios/arch/x86_64/serial.o: arch/x86_64/serial.cc \
 arch/x86_64/serial.h arch/x86_64/clock.h arch/x86_64/io.h
arch/x86_64/serial.h:
arch/x86_64/clock.h:
arch/x86_64/io.h:
