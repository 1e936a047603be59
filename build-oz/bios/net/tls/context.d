build-oz/bios/net/tls/context.o: net/tls/context.cc net/tls/context.h \
 net/tls/trust.h net/tls/certificate.h src/base/bytes.h src/base/result.h \
 src/platform.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/memory_map.h src/program.h net/tls/port/glue.h net/tls/verify.h \
 net/tls/name_constraints.h src/base/format.h
net/tls/context.h:
net/tls/trust.h:
net/tls/certificate.h:
src/base/bytes.h:
src/base/result.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/tls/port/glue.h:
net/tls/verify.h:
net/tls/name_constraints.h:
src/base/format.h:
