build-oz/bios/net/tls/roots.o: net/tls/roots.cc net/tls/roots.h \
 src/base/bytes.h
net/tls/roots.h:
src/base/bytes.h:
