build-oz/bios/net/tls/known.o: net/tls/known.cc net/tls/known.h \
 net/tls/context.h net/tls/trust.h net/tls/certificate.h src/base/bytes.h \
 src/base/result.h src/platform.h src/base/text_ring.h src/base/time.h \
 src/load_plan.h src/memory_map.h src/program.h src/network.h \
 drivers/nic.h src/base/address.h src/fetch.h src/uri/uri.h src/loop.h \
 src/base/format.h src/crypto/digest.h
net/tls/known.h:
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
src/network.h:
drivers/nic.h:
src/base/address.h:
src/fetch.h:
src/uri/uri.h:
src/loop.h:
src/base/format.h:
src/crypto/digest.h:
