build-oz/bios/arch/x86_64/bios/rtc_time.o: arch/x86_64/bios/rtc_time.cc \
 arch/x86_64/bios/rtc_time.h arch/x86_64/calendar.h
arch/x86_64/bios/rtc_time.h:
arch/x86_64/calendar.h:
