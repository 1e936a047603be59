build-oz/bios/net/tftp/packet.o: net/tftp/packet.cc net/tftp/packet.h \
 src/base/bytes.h src/base/result.h src/base/format.h src/base/text.h
net/tftp/packet.h:
src/base/bytes.h:
src/base/result.h:
src/base/format.h:
src/base/text.h:
