build-oz/bios/net/http/response.o: net/http/response.cc \
 net/http/response.h src/base/bytes.h src/base/result.h src/base/format.h \
 src/base/text.h
net/http/response.h:
src/base/bytes.h:
src/base/result.h:
src/base/format.h:
src/base/text.h:
