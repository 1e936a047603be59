build-oz/bios/zlib/inffast.o: build/deps/zlib/inffast.c \
 build/deps/zlib/zutil.h build/deps/zlib/zlib.h build/deps/zlib/zconf.h \
 build/deps/zlib/inftrees.h build/deps/zlib/inflate.h \
 build/deps/zlib/inffast.h
build/deps/zlib/zutil.h:
build/deps/zlib/zlib.h:
build/deps/zlib/zconf.h:
build/deps/zlib/inftrees.h:
build/deps/zlib/inflate.h:
build/deps/zlib/inffast.h:
