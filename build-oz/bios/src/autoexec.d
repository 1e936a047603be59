build-oz/bios/src/autoexec.o: src/autoexec.cc src/autoexec.h \
 src/network.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h src/fetch.h src/base/time.h \
 src/uri/uri.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h src/script/command.h src/script/options.h \
 src/base/format.h src/script/params.h src/autoboot.h \
 src/settings/settings.h src/settings/value.h src/console/console.h \
 src/console/menu.h src/console/palette.h src/script/acquire.h \
 src/image/image.h src/script/bring_up.h
src/autoexec.h:
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
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/autoboot.h:
src/settings/settings.h:
src/settings/value.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/script/acquire.h:
src/image/image.h:
src/script/bring_up.h:
