build-oz/bios/drivers/e1000/rings.o: drivers/e1000/rings.cc \
 drivers/e1000/rings.h drivers/e1000/registers.h drivers/register.h \
 drivers/nic.h src/base/address.h src/base/bytes.h src/base/result.h \
 src/memory_map.h src/platform.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/program.h
drivers/e1000/rings.h:
drivers/e1000/registers.h:
drivers/register.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
