build-oz/bios/src/console/edit_box.o: src/console/edit_box.cc \
 src/console/edit_box.h src/console/line_editor.h src/console/screen.h \
 src/console/console.h src/base/time.h src/console/menu.h \
 src/base/result.h src/console/palette.h src/loop.h src/platform.h \
 src/base/bytes.h src/base/text_ring.h src/load_plan.h src/memory_map.h \
 src/program.h src/base/format.h
src/console/edit_box.h:
src/console/line_editor.h:
src/console/screen.h:
src/console/console.h:
src/base/time.h:
src/console/menu.h:
src/base/result.h:
src/console/palette.h:
src/loop.h:
src/platform.h:
src/base/bytes.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/base/format.h:
