build-oz/bios/net/tls/name_constraints.o: net/tls/name_constraints.cc \
 net/tls/name_constraints.h src/base/bytes.h net/tls/certificate.h \
 src/base/result.h src/base/address.h src/base/format.h src/base/text.h
net/tls/name_constraints.h:
src/base/bytes.h:
net/tls/certificate.h:
src/base/result.h:
src/base/address.h:
src/base/format.h:
src/base/text.h:
