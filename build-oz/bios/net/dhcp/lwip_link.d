build-oz/bios/net/dhcp/lwip_link.o: net/dhcp/lwip_link.cc \
 net/dhcp/lwip_link.h net/dhcp/client.h net/dhcp/message.h \
 src/base/address.h src/base/bytes.h src/network.h drivers/nic.h \
 src/base/result.h src/memory_map.h src/fetch.h src/base/time.h \
 src/uri/uri.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h
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
