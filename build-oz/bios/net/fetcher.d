build-oz/bios/net/fetcher.o: net/fetcher.cc net/fetcher.h \
 net/stack/activity.h src/fetch.h src/base/bytes.h src/base/result.h \
 src/base/time.h src/uri/uri.h src/network.h drivers/nic.h \
 src/base/address.h src/memory_map.h src/loop.h src/platform.h \
 src/base/text_ring.h src/load_plan.h src/program.h net/client.h \
 net/http/client.h net/http/connection.h net/http/proxy.h net/http/auth.h \
 src/crypto/digest.h net/http/request.h net/http/response.h net/timer.h \
 net/tls/session.h net/tls/context.h net/tls/trust.h \
 net/tls/certificate.h net/tls/verify.h net/tls/name_constraints.h \
 net/tftp/client.h net/tls/known.h net/tls/signature.h src/base/format.h
net/fetcher.h:
net/stack/activity.h:
src/fetch.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
src/network.h:
drivers/nic.h:
src/base/address.h:
src/memory_map.h:
src/loop.h:
src/platform.h:
src/base/text_ring.h:
src/load_plan.h:
src/program.h:
net/client.h:
net/http/client.h:
net/http/connection.h:
net/http/proxy.h:
net/http/auth.h:
src/crypto/digest.h:
net/http/request.h:
net/http/response.h:
net/timer.h:
net/tls/session.h:
net/tls/context.h:
net/tls/trust.h:
net/tls/certificate.h:
net/tls/verify.h:
net/tls/name_constraints.h:
net/tftp/client.h:
net/tls/known.h:
net/tls/signature.h:
src/base/format.h:
