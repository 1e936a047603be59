build-oz/bios/net/tls/signature.o: net/tls/signature.cc \
 net/tls/signature.h net/tls/trust.h net/tls/certificate.h \
 src/base/bytes.h src/base/result.h net/tls/cms.h net/tls/der.h \
 net/tls/verify.h net/tls/name_constraints.h src/base/format.h \
 src/crypto/digest.h
net/tls/signature.h:
net/tls/trust.h:
net/tls/certificate.h:
src/base/bytes.h:
src/base/result.h:
net/tls/cms.h:
net/tls/der.h:
net/tls/verify.h:
net/tls/name_constraints.h:
src/base/format.h:
src/crypto/digest.h:
