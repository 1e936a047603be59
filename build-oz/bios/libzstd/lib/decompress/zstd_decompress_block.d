build-oz/bios/libzstd/lib/decompress/zstd_decompress_block.o: \
 build/deps/libzstd/lib/decompress/zstd_decompress_block.c \
 build/deps/libzstd/lib/decompress/../common/zstd_deps.h \
 build/deps/libzstd/lib/decompress/../common/compiler.h \
 build/deps/libzstd/lib/decompress/../common/portability_macros.h \
 build/deps/libzstd/lib/decompress/../common/cpu.h \
 build/deps/libzstd/lib/decompress/../common/mem.h \
 build/deps/libzstd/lib/decompress/../common/compiler.h \
 build/deps/libzstd/lib/decompress/../common/debug.h \
 build/deps/libzstd/lib/decompress/../common/zstd_deps.h \
 build/deps/libzstd/lib/decompress/../common/mem.h \
 build/deps/libzstd/lib/decompress/../common/fse.h \
 build/deps/libzstd/lib/decompress/../common/bitstream.h \
 build/deps/libzstd/lib/decompress/../common/error_private.h \
 build/deps/libzstd/lib/decompress/../common/../zstd_errors.h \
 build/deps/libzstd/lib/decompress/../common/bits.h \
 build/deps/libzstd/lib/decompress/../common/huf.h \
 build/deps/libzstd/lib/decompress/../common/fse.h \
 build/deps/libzstd/lib/decompress/../common/zstd_internal.h \
 build/deps/libzstd/lib/decompress/../common/cpu.h \
 build/deps/libzstd/lib/decompress/../common/../zstd.h \
 build/deps/libzstd/lib/decompress/../common/../zstd_errors.h \
 build/deps/libzstd/lib/decompress/../common/huf.h \
 build/deps/libzstd/lib/decompress/../common/xxhash.h \
 build/deps/libzstd/lib/decompress/../common/zstd_trace.h \
 build/deps/libzstd/lib/decompress/zstd_decompress_internal.h \
 build/deps/libzstd/lib/decompress/zstd_ddict.h \
 build/deps/libzstd/lib/decompress/../zstd.h \
 build/deps/libzstd/lib/decompress/zstd_decompress_block.h \
 build/deps/libzstd/lib/decompress/../common/bits.h
build/deps/libzstd/lib/decompress/../common/zstd_deps.h:
build/deps/libzstd/lib/decompress/../common/compiler.h:
build/deps/libzstd/lib/decompress/../common/portability_macros.h:
build/deps/libzstd/lib/decompress/../common/cpu.h:
build/deps/libzstd/lib/decompress/../common/mem.h:
build/deps/libzstd/lib/decompress/../common/compiler.h:
build/deps/libzstd/lib/decompress/../common/debug.h:
build/deps/libzstd/lib/decompress/../common/zstd_deps.h:
build/deps/libzstd/lib/decompress/../common/mem.h:
build/deps/libzstd/lib/decompress/../common/fse.h:
build/deps/libzstd/lib/decompress/../common/bitstream.h:
build/deps/libzstd/lib/decompress/../common/error_private.h:
build/deps/libzstd/lib/decompress/../common/../zstd_errors.h:
build/deps/libzstd/lib/decompress/../common/bits.h:
build/deps/libzstd/lib/decompress/../common/huf.h:
build/deps/libzstd/lib/decompress/../common/fse.h:
build/deps/libzstd/lib/decompress/../common/zstd_internal.h:
build/deps/libzstd/lib/decompress/../common/cpu.h:
build/deps/libzstd/lib/decompress/../common/../zstd.h:
build/deps/libzstd/lib/decompress/../common/../zstd_errors.h:
build/deps/libzstd/lib/decompress/../common/huf.h:
build/deps/libzstd/lib/decompress/../common/xxhash.h:
build/deps/libzstd/lib/decompress/../common/zstd_trace.h:
build/deps/libzstd/lib/decompress/zstd_decompress_internal.h:
build/deps/libzstd/lib/decompress/zstd_ddict.h:
build/deps/libzstd/lib/decompress/../zstd.h:
build/deps/libzstd/lib/decompress/zstd_decompress_block.h:
build/deps/libzstd/lib/decompress/../common/bits.h:
