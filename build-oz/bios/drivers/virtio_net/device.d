build-oz/bios/drivers/virtio_net/device.o: drivers/virtio_net/device.cc \
 drivers/virtio_net/device.h drivers/nic.h src/base/address.h \
 src/base/bytes.h src/base/result.h src/memory_map.h \
 drivers/virtio_net/queue.h drivers/virtio_net/registers.h src/platform.h \
 src/base/text_ring.h src/base/time.h src/load_plan.h src/program.h \
 drivers/virtio_net/transport.h src/base/format.h
drivers/virtio_net/device.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
drivers/virtio_net/queue.h:
drivers/virtio_net/registers.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
drivers/virtio_net/transport.h:
src/base/format.h:
