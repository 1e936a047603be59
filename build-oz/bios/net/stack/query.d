build-oz/bios/net/stack/query.o: net/stack/query.cc net/stack/query.h \
 net/client.h net/stack/activity.h src/platform.h src/base/bytes.h \
 src/base/result.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/memory_map.h src/program.h src/network.h drivers/nic.h \
 src/base/address.h src/fetch.h src/uri/uri.h src/loop.h net/resolver.h \
 net/timer.h src/base/format.h
net/stack/query.h:
net/client.h:
net/stack/activity.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/fetch.h:
src/uri/uri.h:
src/loop.h:
net/resolver.h:
net/timer.h:
src/base/format.h:
