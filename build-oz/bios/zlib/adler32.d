build-oz/bios/zlib/adler32.o: build/deps/zlib/adler32.c \
 build/deps/zlib/zutil.h build/deps/zlib/zlib.h build/deps/zlib/zconf.h
build/deps/zlib/zutil.h:
build/deps/zlib/zlib.h:
build/deps/zlib/zconf.h:
