build-oz/bios/src/settings/smbios.o: src/settings/smbios.cc \
 src/settings/smbios.h src/settings/settings.h src/base/address.h \
 src/base/result.h src/network.h drivers/nic.h src/base/bytes.h \
 src/memory_map.h src/fetch.h src/base/time.h src/uri/uri.h src/loop.h \
 src/platform.h src/base/text_ring.h src/load_plan.h src/program.h \
 src/settings/value.h
src/settings/smbios.h:
src/settings/settings.h:
src/base/address.h:
src/base/result.h:
src/network.h:
drivers/nic.h:
src/base/bytes.h:
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
