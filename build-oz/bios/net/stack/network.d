build-oz/bios/net/stack/network.o: net/stack/network.cc net/fetcher.h \
 net/stack/activity.h src/fetch.h src/base/bytes.h src/base/result.h \
 src/base/time.h src/uri/uri.h src/network.h drivers/nic.h \
 src/base/address.h src/memory_map.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/program.h net/stack/interface.h \
 net/dhcp/lwip_link.h net/dhcp/client.h net/dhcp/message.h \
 net/stack/rx_pool.h net/stack/stack.h net/stack/port/glue.h \
 net/stack/query.h net/client.h net/stack/vlan.h src/base/format.h
net/fetcher.h:
net/stack/activity.h:
src/fetch.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/memory_map.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
net/stack/interface.h:
net/dhcp/lwip_link.h:
net/dhcp/client.h:
net/dhcp/message.h:
net/stack/rx_pool.h:
net/stack/stack.h:
net/stack/port/glue.h:
net/stack/query.h:
net/client.h:
net/stack/vlan.h:
src/base/format.h:
