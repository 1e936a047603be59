build-oz/bios/drivers/e1000/probe.o: drivers/e1000/probe.cc \
 drivers/e1000/probe.h drivers/e1000/device.h drivers/e1000/registers.h \
 drivers/register.h drivers/e1000/rings.h drivers/nic.h \
 src/base/address.h src/base/bytes.h src/base/result.h src/memory_map.h \
 src/platform.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/program.h src/base/format.h drivers/pci/table.h \
 drivers/pci/function.h drivers/pci/config.h
drivers/e1000/probe.h:
drivers/e1000/device.h:
drivers/e1000/registers.h:
drivers/register.h:
drivers/e1000/rings.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
src/base/format.h:
drivers/pci/table.h:
drivers/pci/function.h:
drivers/pci/config.h:
