build-oz/bios/drivers/virtio_net/queue.o: drivers/virtio_net/queue.cc \
 drivers/virtio_net/queue.h drivers/virtio_net/registers.h src/platform.h \
 src/base/bytes.h src/base/result.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/memory_map.h src/program.h
drivers/virtio_net/queue.h:
drivers/virtio_net/registers.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
