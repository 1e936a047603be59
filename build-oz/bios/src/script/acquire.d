build-oz/bios/src/script/acquire.o: src/script/acquire.cc \
 src/script/acquire.h src/base/result.h src/base/time.h src/image/image.h \
 src/fetch.h src/base/bytes.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/script/command.h src/script/options.h src/base/format.h \
 src/script/params.h src/base/text.h src/console/console.h \
 src/console/menu.h src/console/palette.h src/loop.h \
 src/console/progress.h src/crypto/digest.h src/network.h drivers/nic.h \
 src/base/address.h src/settings/settings.h src/settings/value.h
src/script/acquire.h:
src/base/result.h:
src/base/time.h:
src/image/image.h:
src/fetch.h:
src/base/bytes.h:
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
src/base/text.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/console/progress.h:
src/crypto/digest.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/settings/settings.h:
src/settings/value.h:
