build-oz/bios/net/http/issuer.o: net/http/issuer.cc net/http/issuer.h \
 net/timer.h src/base/time.h src/platform.h src/base/bytes.h \
 src/base/result.h src/base/text_ring.h src/load_plan.h src/memory_map.h \
 src/program.h net/tls/verify.h net/tls/name_constraints.h \
 net/tls/trust.h net/tls/certificate.h src/fetch.h src/uri/uri.h \
 net/http/client.h net/client.h net/stack/activity.h \
 net/http/connection.h net/http/proxy.h net/http/auth.h \
 src/crypto/digest.h net/http/request.h net/http/response.h \
 net/tls/session.h net/tls/context.h src/network.h drivers/nic.h \
 src/base/address.h src/loop.h src/base/format.h
net/http/issuer.h:
net/timer.h:
src/base/time.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
net/tls/verify.h:
net/tls/name_constraints.h:
net/tls/trust.h:
net/tls/certificate.h:
src/fetch.h:
src/uri/uri.h:
net/http/client.h:
net/client.h:
net/stack/activity.h:
net/http/connection.h:
net/http/proxy.h:
net/http/auth.h:
src/crypto/digest.h:
net/http/request.h:
net/http/response.h:
net/tls/session.h:
net/tls/context.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/loop.h:
src/base/format.h:
