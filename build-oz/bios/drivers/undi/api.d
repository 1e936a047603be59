build-oz/bios/drivers/undi/api.o: drivers/undi/api.cc drivers/undi/api.h \
 drivers/undi/rom.h src/base/bytes.h src/base/address.h src/base/result.h \
 src/base/format.h
drivers/undi/api.h:
drivers/undi/rom.h:
src/base/bytes.h:
src/base/address.h:
src/base/result.h:
src/base/format.h:
