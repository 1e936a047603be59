build-oz/bios/net/stack/interface.o: net/stack/interface.cc \
 net/stack/interface.h net/dhcp/lwip_link.h net/dhcp/client.h \
 net/dhcp/message.h src/base/address.h src/base/bytes.h src/network.h \
 drivers/nic.h src/base/result.h src/memory_map.h src/fetch.h \
 src/base/time.h src/uri/uri.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/program.h net/stack/rx_pool.h \
 net/stack/stack.h net/stack/arp.h net/stack/vlan.h src/base/format.h
net/stack/interface.h:
net/dhcp/lwip_link.h:
net/dhcp/client.h:
net/dhcp/message.h:
src/base/address.h:
src/base/bytes.h:
src/network.h:
drivers/nic.h:
src/base/result.h:
src/memory_map.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
net/stack/rx_pool.h:
net/stack/stack.h:
net/stack/arp.h:
net/stack/vlan.h:
src/base/format.h:
