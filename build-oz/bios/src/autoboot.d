build-oz/bios/src/autoboot.o: src/autoboot.cc src/autoboot.h \
 src/base/address.h src/base/result.h src/network.h drivers/nic.h \
 src/base/bytes.h src/memory_map.h src/fetch.h src/base/time.h \
 src/uri/uri.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/program.h src/script/command.h src/script/options.h \
 src/base/format.h src/script/params.h src/settings/settings.h \
 src/settings/value.h src/console/console.h src/console/menu.h \
 src/console/palette.h src/pxelinux/boot.h src/script/acquire.h \
 src/image/image.h src/script/bring_up.h src/script/execute.h \
 src/script/expand.h src/script/interpreter.h
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
src/pxelinux/boot.h:
src/script/acquire.h:
src/image/image.h:
src/script/bring_up.h:
src/script/execute.h:
src/script/expand.h:
src/script/interpreter.h:
