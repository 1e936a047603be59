build-oz/bios/net/tls/session.o: net/tls/session.cc net/tls/session.h \
 net/tls/context.h net/tls/trust.h net/tls/certificate.h src/base/bytes.h \
 src/base/result.h src/platform.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/memory_map.h src/program.h net/tls/verify.h \
 net/tls/name_constraints.h net/tls/port/glue.h src/base/address.h \
 src/base/format.h
net/tls/session.h:
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
net/tls/verify.h:
net/tls/name_constraints.h:
net/tls/port/glue.h:
src/base/address.h:
src/base/format.h:
