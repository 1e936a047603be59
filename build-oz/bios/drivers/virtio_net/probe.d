build-oz/bios/drivers/virtio_net/probe.o: drivers/virtio_net/probe.cc \
 drivers/virtio_net/probe.h drivers/nic.h src/base/address.h \
 src/base/bytes.h src/base/result.h src/memory_map.h drivers/pci/table.h \
 drivers/pci/function.h drivers/pci/config.h src/platform.h \
 src/base/text_ring.h src/base/time.h src/load_plan.h src/program.h \
 arch/x86_64/io.h drivers/virtio_net/device.h drivers/virtio_net/queue.h \
 drivers/virtio_net/registers.h drivers/virtio_net/transport.h \
 src/base/format.h
drivers/virtio_net/probe.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
drivers/pci/table.h:
drivers/pci/function.h:
drivers/pci/config.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
arch/x86_64/io.h:
drivers/virtio_net/device.h:
drivers/virtio_net/queue.h:
drivers/virtio_net/registers.h:
drivers/virtio_net/transport.h:
src/base/format.h:
