build-oz/bios/net/tls/port/glue.o: net/tls/port/glue.cc \
 net/tls/port/glue.h src/base/result.h src/platform.h src/base/bytes.h \
 src/base/text_ring.h src/base/time.h src/load_plan.h src/memory_map.h \
 src/program.h src/base/date.h src/base/format.h src/crypto/digest.h
net/tls/port/glue.h:
src/base/result.h:
src/platform.h:
src/base/bytes.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/base/date.h:
src/base/format.h:
src/crypto/digest.h:
