build-oz/bios/arch/x86_64/bios/pxe.o: arch/x86_64/bios/pxe.cc \
 arch/x86_64/bios/pxe.h arch/x86_64/bios/low_block.h drivers/undi/find.h \
 drivers/undi/rom.h src/base/bytes.h src/base/result.h \
 arch/x86_64/bios/real_mode.h arch/x86_64/io.h
arch/x86_64/bios/pxe.h:
arch/x86_64/bios/low_block.h:
drivers/undi/find.h:
drivers/undi/rom.h:
src/base/bytes.h:
src/base/result.h:
arch/x86_64/bios/real_mode.h:
arch/x86_64/io.h:
