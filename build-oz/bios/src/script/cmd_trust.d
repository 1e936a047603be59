build-oz/bios/src/script/cmd_trust.o: src/script/cmd_trust.cc \
 src/base/format.h src/base/bytes.h src/image/image.h src/base/result.h \
 src/fetch.h src/base/time.h src/uri/uri.h src/load_plan.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/program.h \
 src/network.h drivers/nic.h src/base/address.h src/loop.h \
 src/script/acquire.h src/script/command.h src/script/options.h \
 src/script/params.h src/script/families.h
src/base/format.h:
src/base/bytes.h:
src/image/image.h:
src/base/result.h:
src/fetch.h:
src/base/time.h:
src/uri/uri.h:
src/load_plan.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/program.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/loop.h:
src/script/acquire.h:
src/script/command.h:
src/script/options.h:
src/script/params.h:
src/script/families.h:
