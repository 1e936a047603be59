build-oz/bios/src/settings/network_blocks.o: \
 src/settings/network_blocks.cc src/settings/network_blocks.h \
 src/network.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h src/fetch.h src/base/time.h \
 src/uri/uri.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h src/settings/settings.h \
 src/settings/value.h src/base/format.h src/settings/tags.h
src/settings/network_blocks.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
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
src/settings/settings.h:
src/settings/value.h:
src/base/format.h:
src/settings/tags.h:
