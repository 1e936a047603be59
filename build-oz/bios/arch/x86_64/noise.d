build-oz/bios/arch/x86_64/noise.o: arch/x86_64/noise.cc \
 arch/x86_64/noise.h
arch/x86_64/noise.h:
