build-oz/bios/net/tls/der.o: net/tls/der.cc net/tls/der.h \
 src/base/bytes.h src/base/result.h
net/tls/der.h:
src/base/bytes.h:
src/base/result.h:
