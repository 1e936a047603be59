build-oz/bios/drivers/undi/find.o: drivers/undi/find.cc \
 drivers/undi/find.h drivers/undi/rom.h src/base/bytes.h \
 src/base/result.h src/base/format.h
drivers/undi/find.h:
drivers/undi/rom.h:
src/base/bytes.h:
src/base/result.h:
src/base/format.h:
