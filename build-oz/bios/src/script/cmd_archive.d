build-oz/bios/src/script/cmd_archive.o: src/script/cmd_archive.cc \
 src/archive/archive.h src/base/bytes.h src/base/result.h src/fetch.h \
 src/base/time.h src/uri/uri.h src/base/format.h src/image/image.h \
 src/load_plan.h src/memory_map.h src/platform.h src/base/text_ring.h \
 src/program.h src/loop.h src/script/acquire.h src/script/command.h \
 src/script/options.h src/script/params.h src/script/families.h \
 src/settings/settings.h src/base/address.h src/network.h drivers/nic.h \
 src/settings/value.h
src/archive/archive.h:
src/base/bytes.h:
src/base/result.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/base/format.h:
src/image/image.h:
src/load_plan.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
src/loop.h:
src/script/acquire.h:
src/script/command.h:
src/script/options.h:
src/script/params.h:
src/script/families.h:
src/settings/settings.h:
src/base/address.h:
src/network.h:
drivers/nic.h:
src/settings/value.h:
