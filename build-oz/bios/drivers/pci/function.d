build-oz/bios/drivers/pci/function.o: drivers/pci/function.cc \
 drivers/pci/function.h drivers/pci/config.h src/base/result.h \
 src/memory_map.h src/base/format.h src/base/bytes.h
drivers/pci/function.h:
drivers/pci/config.h:
src/base/result.h:
src/memory_map.h:
src/base/format.h:
src/base/bytes.h:
