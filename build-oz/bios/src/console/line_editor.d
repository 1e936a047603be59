build-oz/bios/src/console/line_editor.o: src/console/line_editor.cc \
 src/console/line_editor.h
src/console/line_editor.h:
