build-oz/bios/net/http/auth.o: net/http/auth.cc net/http/auth.h \
 src/crypto/digest.h src/base/bytes.h net/http/request.h src/fetch.h \
 src/base/result.h src/base/time.h src/uri/uri.h src/base/format.h \
 src/base/text.h
net/http/auth.h:
src/crypto/digest.h:
src/base/bytes.h:
net/http/request.h:
src/fetch.h:
src/base/result.h:
src/base/time.h:
src/uri/uri.h:
src/base/format.h:
src/base/text.h:
