build-oz/bios/src/pxelinux/menu.o: src/pxelinux/menu.cc \
 src/pxelinux/menu.h src/base/result.h src/pxelinux/config.h \
 src/base/time.h src/base/format.h src/base/bytes.h src/console/console.h \
 src/console/menu.h src/console/palette.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/memory_map.h src/program.h \
 src/console/form.h src/console/keys.h src/crypto/digest.h \
 src/settings/value.h
src/pxelinux/menu.h:
src/base/result.h:
src/pxelinux/config.h:
src/base/time.h:
src/base/format.h:
src/base/bytes.h:
src/console/console.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/console/form.h:
src/console/keys.h:
src/crypto/digest.h:
src/settings/value.h:
