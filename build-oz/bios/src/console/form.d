build-oz/bios/src/console/form.o: src/console/form.cc src/console/form.h \
 src/base/result.h src/base/format.h src/base/bytes.h \
 src/console/console.h src/base/time.h src/console/menu.h \
 src/console/palette.h src/loop.h src/platform.h src/base/text_ring.h \
 src/load_plan.h src/memory_map.h src/program.h src/console/edit_box.h \
 src/console/line_editor.h src/console/screen.h src/console/keys.h
src/console/form.h:
src/base/result.h:
src/base/format.h:
src/base/bytes.h:
src/console/console.h:
src/base/time.h:
src/console/menu.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/console/edit_box.h:
src/console/line_editor.h:
src/console/screen.h:
src/console/keys.h:
