build-oz/bios/drivers/pci/table.o: drivers/pci/table.cc \
 drivers/pci/table.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h drivers/pci/function.h \
 drivers/pci/config.h src/platform.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/program.h drivers/e1000/probe.h \
 drivers/e1000/device.h drivers/e1000/registers.h drivers/register.h \
 drivers/e1000/rings.h src/base/format.h drivers/virtio_net/probe.h
drivers/pci/table.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
drivers/pci/function.h:
drivers/pci/config.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
drivers/e1000/probe.h:
drivers/e1000/device.h:
drivers/e1000/registers.h:
drivers/register.h:
drivers/e1000/rings.h:
src/base/format.h:
drivers/virtio_net/probe.h:
