build-oz/bios/net/tls/certificate.o: net/tls/certificate.cc \
 net/tls/certificate.h src/base/bytes.h src/base/result.h src/base/text.h
net/tls/certificate.h:
src/base/bytes.h:
src/base/result.h:
src/base/text.h:
