build-oz/bios/drivers/pci/config.o: drivers/pci/config.cc \
 drivers/pci/config.h arch/x86_64/io.h
drivers/pci/config.h:
arch/x86_64/io.h:
