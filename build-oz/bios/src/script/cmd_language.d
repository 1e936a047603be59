build-oz/bios/src/script/cmd_language.o: src/script/cmd_language.cc \
 src/base/format.h src/base/bytes.h src/console/console.h src/base/time.h \
 src/console/menu.h src/base/result.h src/console/palette.h src/loop.h \
 src/platform.h src/base/text_ring.h src/load_plan.h src/memory_map.h \
 src/program.h src/script/command.h src/script/options.h \
 src/script/params.h src/fetch.h src/uri/uri.h src/script/interpreter.h \
 src/settings/settings.h src/base/address.h src/network.h drivers/nic.h \
 src/settings/value.h
src/base/format.h:
src/base/bytes.h:
src/console/console.h:
src/base/time.h:
src/console/menu.h:
src/base/result.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/script/command.h:
src/script/options.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/script/interpreter.h:
src/settings/settings.h:
src/base/address.h:
src/network.h:
drivers/nic.h:
src/settings/value.h:
