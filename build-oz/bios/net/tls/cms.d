build-oz/bios/net/tls/cms.o: net/tls/cms.cc net/tls/cms.h \
 src/base/bytes.h src/base/result.h net/tls/der.h src/base/format.h
net/tls/cms.h:
src/base/bytes.h:
src/base/result.h:
net/tls/der.h:
src/base/format.h:
