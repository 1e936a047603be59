build-oz/bios/net/http/request.o: net/http/request.cc net/http/request.h \
 src/fetch.h src/base/bytes.h src/base/result.h src/base/time.h \
 src/uri/uri.h src/base/format.h src/version.h
net/http/request.h:
src/fetch.h:
src/base/bytes.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
src/base/format.h:
src/version.h:
