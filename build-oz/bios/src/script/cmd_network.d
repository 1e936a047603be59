build-oz/bios/src/script/cmd_network.o: src/script/cmd_network.cc \
 src/autoboot.h src/base/address.h src/base/result.h src/network.h \
 drivers/nic.h src/base/bytes.h src/memory_map.h src/fetch.h \
 src/base/time.h src/uri/uri.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/program.h src/script/command.h \
 src/script/options.h src/base/format.h src/script/params.h \
 src/settings/settings.h src/settings/value.h src/console/console.h \
 src/console/menu.h src/console/palette.h src/script/bring_up.h \
 src/script/families.h src/script/shell.h
src/autoboot.h:
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
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/settings/settings.h:
src/settings/value.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/script/bring_up.h:
src/script/families.h:
src/script/shell.h:
