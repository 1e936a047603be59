build-oz/bios/net/tls/trust.o: net/tls/trust.cc net/tls/trust.h \
 net/tls/certificate.h src/base/bytes.h src/base/result.h net/tls/roots.h \
 src/base/format.h src/crypto/digest.h
net/tls/trust.h:
net/tls/certificate.h:
src/base/bytes.h:
src/base/result.h:
net/tls/roots.h:
src/base/format.h:
src/crypto/digest.h:
