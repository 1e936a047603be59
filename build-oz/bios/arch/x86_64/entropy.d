build-oz/bios/arch/x86_64/entropy.o: arch/x86_64/entropy.cc \
 arch/x86_64/entropy.h src/base/bytes.h src/base/result.h \
 arch/x86_64/io.h arch/x86_64/noise.h
arch/x86_64/entropy.h:
src/base/bytes.h:
src/base/result.h:
arch/x86_64/io.h:
arch/x86_64/noise.h:
