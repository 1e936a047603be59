build-oz/bios/net/tftp/client.o: net/tftp/client.cc net/tftp/client.h \
 net/client.h net/stack/activity.h src/platform.h src/base/bytes.h \
 src/base/result.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/memory_map.h src/program.h src/fetch.h src/uri/uri.h net/resolver.h \
 net/tftp/read_transfer.h net/tftp/packet.h net/timer.h src/base/format.h
net/tftp/client.h:
net/client.h:
net/stack/activity.h:
src/platform.h:
src/base/bytes.h:
src/base/result.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/memory_map.h:
src/program.h:
src/fetch.h:
src/uri/uri.h:
net/resolver.h:
net/tftp/read_transfer.h:
net/tftp/packet.h:
net/timer.h:
src/base/format.h:
