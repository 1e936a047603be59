build-oz/bios/net/tls/verify.o: net/tls/verify.cc net/tls/verify.h \
 net/tls/name_constraints.h src/base/bytes.h net/tls/trust.h \
 net/tls/certificate.h src/base/result.h src/base/address.h \
 src/base/date.h src/base/format.h src/crypto/digest.h
net/tls/verify.h:
net/tls/name_constraints.h:
src/base/bytes.h:
net/tls/trust.h:
net/tls/certificate.h:
src/base/result.h:
src/base/address.h:
src/base/date.h:
src/base/format.h:
src/crypto/digest.h:
