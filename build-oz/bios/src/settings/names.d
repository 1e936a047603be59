build-oz/bios/src/settings/names.o: src/settings/names.cc \
 src/base/format.h src/base/bytes.h src/settings/settings.h \
 src/base/address.h src/base/result.h src/network.h drivers/nic.h \
 src/memory_map.h src/fetch.h src/base/time.h src/uri/uri.h src/loop.h \
 src/platform.h src/base/text_ring.h src/load_plan.h src/program.h \
 src/settings/value.h src/settings/tags.h
src/base/format.h:
src/base/bytes.h:
src/settings/settings.h:
src/base/address.h:
src/base/result.h:
src/network.h:
drivers/nic.h:
src/memory_map.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
src/settings/value.h:
src/settings/tags.h:
