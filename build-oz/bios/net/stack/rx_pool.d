build-oz/bios/net/stack/rx_pool.o: net/stack/rx_pool.cc \
 net/stack/rx_pool.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h src/platform.h src/base/text_ring.h \
 src/base/time.h src/load_plan.h src/program.h
net/stack/rx_pool.h:
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
