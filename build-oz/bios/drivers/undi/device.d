build-oz/bios/drivers/undi/device.o: drivers/undi/device.cc \
 drivers/undi/device.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h drivers/undi/api.h drivers/undi/rom.h \
 src/base/format.h
drivers/undi/device.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
drivers/undi/api.h:
drivers/undi/rom.h:
src/base/format.h:
