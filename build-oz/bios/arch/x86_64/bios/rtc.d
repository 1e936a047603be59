build-oz/bios/arch/x86_64/bios/rtc.o: arch/x86_64/bios/rtc.cc \
 arch/x86_64/bios/rtc.h arch/x86_64/bios/rtc_time.h arch/x86_64/clock.h \
 arch/x86_64/io.h
arch/x86_64/bios/rtc.h:
arch/x86_64/bios/rtc_time.h:
arch/x86_64/clock.h:
arch/x86_64/io.h:
