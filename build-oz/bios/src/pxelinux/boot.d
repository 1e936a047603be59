build-oz/bios/src/pxelinux/boot.o: src/pxelinux/boot.cc \
 src/pxelinux/boot.h src/base/result.h src/script/command.h \
 src/script/options.h src/base/format.h src/base/bytes.h src/base/time.h \
 src/script/params.h src/fetch.h src/uri/uri.h src/base/text.h \
 src/console/console.h src/console/menu.h src/console/palette.h \
 src/loop.h src/platform.h src/base/text_ring.h src/load_plan.h \
 src/memory_map.h src/program.h src/console/keys.h src/image/image.h \
 src/pxelinux/config.h src/pxelinux/entry.h src/pxelinux/menu.h \
 src/pxelinux/search.h src/base/address.h src/script/acquire.h \
 src/script/interpreter.h src/settings/settings.h src/network.h \
 drivers/nic.h src/settings/value.h
src/pxelinux/boot.h:
src/base/result.h:
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/base/bytes.h:
src/base/time.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/base/text.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/console/keys.h:
src/image/image.h:
src/pxelinux/config.h:
src/pxelinux/entry.h:
src/pxelinux/menu.h:
src/pxelinux/search.h:
src/base/address.h:
src/script/acquire.h:
src/script/interpreter.h:
src/settings/settings.h:
src/network.h:
drivers/nic.h:
src/settings/value.h:
