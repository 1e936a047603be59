build-oz/bios/src/script/interpreter.o: src/script/interpreter.cc \
 src/script/interpreter.h src/base/bytes.h src/base/result.h \
 src/base/time.h src/script/command.h src/script/options.h \
 src/base/format.h src/script/params.h src/fetch.h src/uri/uri.h \
 src/console/console.h src/console/menu.h src/console/palette.h \
 src/loop.h src/platform.h src/base/text_ring.h src/load_plan.h \
 src/memory_map.h src/program.h src/script/expand.h \
 src/settings/settings.h src/base/address.h src/network.h drivers/nic.h \
 src/settings/value.h src/script/features.h src/script/observer.h \
 src/image/image.h src/script/parser.h
src/script/interpreter.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/fetch.h:
src/uri/uri.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/script/expand.h:
src/settings/settings.h:
src/base/address.h:
src/network.h:
drivers/nic.h:
src/settings/value.h:
src/script/features.h:
src/script/observer.h:
src/image/image.h:
src/script/parser.h:
