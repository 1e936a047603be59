build-oz/bios/net/http/connection.o: net/http/connection.cc \
 net/http/connection.h net/http/proxy.h net/http/auth.h \
 src/crypto/digest.h src/base/bytes.h net/http/request.h src/fetch.h \
 src/base/result.h src/base/time.h src/uri/uri.h net/http/response.h \
 net/timer.h src/platform.h src/base/text_ring.h src/load_plan.h \
 src/memory_map.h src/program.h net/tls/session.h net/tls/context.h \
 net/tls/trust.h net/tls/certificate.h net/tls/verify.h \
 net/tls/name_constraints.h net/resolver.h src/base/format.h
net/http/connection.h:
net/http/proxy.h:
net/http/auth.h:
src/crypto/digest.h:
src/base/bytes.h:
net/http/request.h:
src/fetch.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
net/http/response.h:
net/timer.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/tls/session.h:
net/tls/context.h:
net/tls/trust.h:
net/tls/certificate.h:
net/tls/verify.h:
net/tls/name_constraints.h:
net/resolver.h:
src/base/format.h:
