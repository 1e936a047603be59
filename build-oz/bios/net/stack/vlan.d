build-oz/bios/net/stack/vlan.o: net/stack/vlan.cc net/stack/vlan.h \
 drivers/nic.h src/base/address.h src/base/bytes.h src/base/result.h \
 src/memory_map.h src/network.h src/fetch.h src/base/time.h src/uri/uri.h \
 src/loop.h src/platform.h src/base/text_ring.h src/load_plan.h \
 src/program.h
net/stack/vlan.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/network.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
