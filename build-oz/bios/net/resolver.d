build-oz/bios/net/resolver.o: net/resolver.cc net/resolver.h \
 src/base/result.h src/platform.h src/base/bytes.h src/base/text_ring.h \
 src/base/time.h src/load_plan.h src/memory_map.h src/program.h \
 net/stack/stack.h drivers/nic.h src/base/address.h src/loop.h \
 src/network.h src/fetch.h src/uri/uri.h src/base/format.h
net/resolver.h:
src/base/result.h:
src/platform.h:
src/base/bytes.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/stack/stack.h:
drivers/nic.h:
src/base/address.h:
src/loop.h:
src/network.h:
src/fetch.h:
src/uri/uri.h:
src/base/format.h:
