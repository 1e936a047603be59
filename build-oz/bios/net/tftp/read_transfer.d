build-oz/bios/net/tftp/read_transfer.o: net/tftp/read_transfer.cc \
 net/tftp/read_transfer.h net/tftp/packet.h src/base/bytes.h \
 src/base/result.h src/base/time.h src/fetch.h src/uri/uri.h \
 src/base/format.h
net/tftp/read_transfer.h:
net/tftp/packet.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/fetch.h:
src/uri/uri.h:
src/base/format.h:
