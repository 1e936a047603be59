build-oz/bios/zlib/inftrees.o: build/deps/zlib/inftrees.c \
 build/deps/zlib/zutil.h build/deps/zlib/zlib.h build/deps/zlib/zconf.h \
 build/deps/zlib/inftrees.h
build/deps/zlib/zutil.h:
build/deps/zlib/zlib.h:
build/deps/zlib/zconf.h:
build/deps/zlib/inftrees.h:
