build-oz/bios/src/base/address.o: src/base/address.cc src/base/address.h \
 src/base/format.h src/base/bytes.h
src/base/address.h:
src/base/format.h:
src/base/bytes.h:
