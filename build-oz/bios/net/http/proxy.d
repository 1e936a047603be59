build-oz/bios/net/http/proxy.o: net/http/proxy.cc net/http/proxy.h \
 net/http/auth.h src/crypto/digest.h src/base/bytes.h net/http/request.h \
 src/fetch.h src/base/result.h src/base/time.h src/uri/uri.h \
 net/http/response.h src/base/format.h src/base/text.h src/version.h
net/http/proxy.h:
net/http/auth.h:
src/crypto/digest.h:
src/base/bytes.h:
net/http/request.h:
src/fetch.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
net/http/response.h:
src/base/format.h:
src/base/text.h:
src/version.h:
