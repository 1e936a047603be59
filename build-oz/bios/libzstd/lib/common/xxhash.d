build-oz/bios/libzstd/lib/common/xxhash.o: \
 build/deps/libzstd/lib/common/xxhash.c \
 build/deps/libzstd/lib/common/xxhash.h
build/deps/libzstd/lib/common/xxhash.h:
