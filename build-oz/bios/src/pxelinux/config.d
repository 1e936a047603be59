build-oz/bios/src/pxelinux/config.o: src/pxelinux/config.cc \
 src/pxelinux/config.h src/base/result.h src/base/time.h \
 src/base/format.h src/base/bytes.h src/base/text.h
src/pxelinux/config.h:
src/base/result.h:
src/base/time.h:
src/base/format.h:
src/base/bytes.h:
src/base/text.h:
