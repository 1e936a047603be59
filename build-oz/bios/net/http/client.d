build-oz/bios/net/http/client.o: net/http/client.cc net/http/client.h \
 net/client.h net/stack/activity.h src/platform.h src/base/bytes.h \
 src/base/result.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/memory_map.h src/program.h net/http/connection.h net/http/proxy.h \
 net/http/auth.h src/crypto/digest.h net/http/request.h src/fetch.h \
 src/uri/uri.h net/http/response.h net/timer.h net/tls/session.h \
 net/tls/context.h net/tls/trust.h net/tls/certificate.h net/tls/verify.h \
 net/tls/name_constraints.h src/network.h drivers/nic.h \
 src/base/address.h src/loop.h net/http/download.h net/http/issuer.h \
 net/resolver.h src/base/format.h
net/http/client.h:
net/client.h:
net/stack/activity.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/http/connection.h:
net/http/proxy.h:
net/http/auth.h:
src/crypto/digest.h:
net/http/request.h:
src/fetch.h:
src/uri/uri.h:
net/http/response.h:
net/timer.h:
net/tls/session.h:
net/tls/context.h:
net/tls/trust.h:
net/tls/certificate.h:
net/tls/verify.h:
net/tls/name_constraints.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/loop.h:
net/http/download.h:
net/http/issuer.h:
net/resolver.h:
src/base/format.h:
