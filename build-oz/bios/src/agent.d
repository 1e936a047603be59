build-oz/bios/src/agent.o: src/agent.cc src/agent.h src/loop.h \
 src/base/time.h src/platform.h src/base/bytes.h src/base/result.h \
 src/base/text_ring.h src/load_plan.h src/memory_map.h src/program.h \
 src/main.h drivers/nic.h src/base/address.h src/network.h src/fetch.h \
 src/uri/uri.h src/autoboot.h src/script/command.h src/script/options.h \
 src/base/format.h src/script/params.h src/settings/settings.h \
 src/settings/value.h src/autoexec.h src/console/console.h \
 src/console/menu.h src/console/palette.h src/image/image.h src/pack.h \
 src/script/bring_up.h src/script/execute.h src/script/features.h \
 src/script/interpreter.h src/script/shell.h src/version.h
src/agent.h:
src/loop.h:
src/base/time.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/main.h:
drivers/nic.h:
src/base/address.h:
src/network.h:
src/fetch.h:
src/uri/uri.h:
src/autoboot.h:
src/script/command.h:
src/script/options.h:
src/base/format.h:
src/script/params.h:
src/settings/settings.h:
src/settings/value.h:
src/autoexec.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/image/image.h:
src/pack.h:
src/script/bring_up.h:
src/script/execute.h:
src/script/features.h:
src/script/interpreter.h:
src/script/shell.h:
src/version.h:
