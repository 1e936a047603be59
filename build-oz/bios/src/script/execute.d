build-oz/bios/src/script/execute.o: src/script/execute.cc \
 src/script/execute.h src/base/result.h src/image/image.h src/fetch.h \
 src/base/bytes.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/script/command.h src/script/options.h src/base/format.h \
 src/script/params.h src/archive/archive.h src/base/text.h \
 src/console/console.h src/console/menu.h src/console/palette.h \
 src/loop.h src/network.h drivers/nic.h src/base/address.h \
 src/script/interpreter.h src/script/observer.h src/settings/settings.h \
 src/settings/value.h
src/script/execute.h:
src/base/result.h:
src/image/image.h:
src/fetch.h:
src/base/bytes.h:
src/base/time.h:
src/uri/uri.h:
src/load_plan.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/archive/archive.h:
src/base/text.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/script/interpreter.h:
src/script/observer.h:
src/settings/settings.h:
src/settings/value.h:
