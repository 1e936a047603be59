build-oz/bios/src/script/cmd_compute.o: src/script/cmd_compute.cc \
 src/base/format.h src/base/bytes.h src/base/text.h src/script/families.h \
 src/script/command.h src/base/result.h src/script/options.h \
 src/base/time.h src/script/params.h src/fetch.h src/uri/uri.h \
 src/settings/settings.h src/base/address.h src/network.h drivers/nic.h \
 src/memory_map.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h src/settings/value.h
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
src/script/families.h:
src/script/command.h:
src/base/result.h:
src/script/options.h:
src/base/time.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/settings/settings.h:
src/base/address.h:
src/network.h:
drivers/nic.h:
src/memory_map.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
src/settings/value.h:
