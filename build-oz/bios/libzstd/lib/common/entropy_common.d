build-oz/bios/libzstd/lib/common/entropy_common.o: \
 build/deps/libzstd/lib/common/entropy_common.c \
 build/deps/libzstd/lib/common/mem.h \
 build/deps/libzstd/lib/common/compiler.h \
 build/deps/libzstd/lib/common/portability_macros.h \
 build/deps/libzstd/lib/common/debug.h \
 build/deps/libzstd/lib/common/zstd_deps.h \
 build/deps/libzstd/lib/common/error_private.h \
 build/deps/libzstd/lib/common/../zstd_errors.h \
 build/deps/libzstd/lib/common/fse.h \
 build/deps/libzstd/lib/common/bitstream.h \
 build/deps/libzstd/lib/common/bits.h build/deps/libzstd/lib/common/huf.h
build/deps/libzstd/lib/common/mem.h:
build/deps/libzstd/lib/common/compiler.h:
build/deps/libzstd/lib/common/portability_macros.h:
build/deps/libzstd/lib/common/debug.h:
build/deps/libzstd/lib/common/zstd_deps.h:
build/deps/libzstd/lib/common/error_private.h:
build/deps/libzstd/lib/common/../zstd_errors.h:
build/deps/libzstd/lib/common/fse.h:
build/deps/libzstd/lib/common/bitstream.h:
build/deps/libzstd/lib/common/bits.h:
build/deps/libzstd/lib/common/huf.h:
