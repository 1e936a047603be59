build-oz/bios/net/http/download.o: net/http/download.cc \
 net/http/download.h net/http/auth.h src/crypto/digest.h src/base/bytes.h \
 net/http/proxy.h net/http/request.h src/fetch.h src/base/result.h \
 src/base/time.h src/uri/uri.h net/http/response.h src/base/format.h \
 src/base/text.h
net/http/download.h:
net/http/auth.h:
src/crypto/digest.h:
src/base/bytes.h:
net/http/proxy.h:
net/http/request.h:
src/fetch.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
net/http/response.h:
src/base/format.h:
src/base/text.h:
