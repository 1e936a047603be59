build-oz/bios/src/script/cmd_probe.o: src/script/cmd_probe.cc \
 src/base/format.h src/base/bytes.h src/platform.h src/base/result.h \
 src/base/text_ring.h src/base/time.h src/load_plan.h src/memory_map.h \
 src/program.h src/script/families.h src/script/command.h \
 src/script/options.h src/script/params.h src/fetch.h src/uri/uri.h \
 src/settings/settings.h src/base/address.h src/network.h drivers/nic.h \
 src/loop.h src/settings/value.h
src/base/format.h:
src/base/bytes.h:
src/platform.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/script/families.h:
src/script/command.h:
src/script/options.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/settings/settings.h:
src/base/address.h:
src/network.h:
drivers/nic.h:
src/loop.h:
src/settings/value.h:
