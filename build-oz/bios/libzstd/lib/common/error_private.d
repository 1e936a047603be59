build-oz/bios/libzstd/lib/common/error_private.o: \
 build/deps/libzstd/lib/common/error_private.c \
 build/deps/libzstd/lib/common/error_private.h \
 build/deps/libzstd/lib/common/../zstd_errors.h \
 build/deps/libzstd/lib/common/compiler.h \
 build/deps/libzstd/lib/common/portability_macros.h \
 build/deps/libzstd/lib/common/debug.h \
 build/deps/libzstd/lib/common/zstd_deps.h
build/deps/libzstd/lib/common/error_private.h:
build/deps/libzstd/lib/common/../zstd_errors.h:
build/deps/libzstd/lib/common/compiler.h:
build/deps/libzstd/lib/common/portability_macros.h:
build/deps/libzstd/lib/common/debug.h:
build/deps/libzstd/lib/common/zstd_deps.h:
