build-oz/bios/src/script/bring_up.o: src/script/bring_up.cc \
 src/script/bring_up.h src/base/result.h src/base/time.h src/network.h \
 drivers/nic.h src/base/address.h src/base/bytes.h src/memory_map.h \
 src/fetch.h src/uri/uri.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h src/script/command.h src/script/options.h \
 src/base/format.h src/script/params.h src/console/progress.h \
 src/console/console.h src/console/menu.h src/console/palette.h \
 src/settings/settings.h src/settings/value.h
src/script/bring_up.h:
src/base/result.h:
src/base/time.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/memory_map.h:
src/fetch.h:
src/uri/uri.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/console/progress.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/settings/settings.h:
src/settings/value.h:
