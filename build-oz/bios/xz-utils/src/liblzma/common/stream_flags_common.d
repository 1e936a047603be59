build-oz/bios/xz-utils/src/liblzma/common/stream_flags_common.o: \
 build/deps/xz-utils/src/liblzma/common/stream_flags_common.c \
 build/deps/xz-utils/src/liblzma/common/stream_flags_common.h \
 build/deps/xz-utils/src/liblzma/common/common.h \
 build/deps/xz-utils/src/common/sysdefs.h src/archive/port/config.h \
 build/deps/xz-utils/src/common/mythread.h \
 build/deps/xz-utils/src/common/sysdefs.h \
 build/deps/xz-utils/src/common/tuklib_integer.h \
 build/deps/xz-utils/src/common/tuklib_common.h \
 build/deps/xz-utils/src/common/tuklib_config.h \
 build/deps/xz-utils/src/liblzma/api/lzma.h \
 build/deps/xz-utils/src/liblzma/api/lzma/version.h \
 build/deps/xz-utils/src/liblzma/api/lzma/base.h \
 build/deps/xz-utils/src/liblzma/api/lzma/vli.h \
 build/deps/xz-utils/src/liblzma/api/lzma/check.h \
 build/deps/xz-utils/src/liblzma/api/lzma/filter.h \
 build/deps/xz-utils/src/liblzma/api/lzma/bcj.h \
 build/deps/xz-utils/src/liblzma/api/lzma/delta.h \
 build/deps/xz-utils/src/liblzma/api/lzma/lzma12.h \
 build/deps/xz-utils/src/liblzma/api/lzma/container.h \
 build/deps/xz-utils/src/liblzma/api/lzma/stream_flags.h \
 build/deps/xz-utils/src/liblzma/api/lzma/block.h \
 build/deps/xz-utils/src/liblzma/api/lzma/index.h \
 build/deps/xz-utils/src/liblzma/api/lzma/index_hash.h \
 build/deps/xz-utils/src/liblzma/api/lzma/hardware.h
build/deps/xz-utils/src/liblzma/common/stream_flags_common.h:
build/deps/xz-utils/src/liblzma/common/common.h:
build/deps/xz-utils/src/common/sysdefs.h:
src/archive/port/config.h:
build/deps/xz-utils/src/common/mythread.h:
build/deps/xz-utils/src/common/sysdefs.h:
build/deps/xz-utils/src/common/tuklib_integer.h:
build/deps/xz-utils/src/common/tuklib_common.h:
build/deps/xz-utils/src/common/tuklib_config.h:
build/deps/xz-utils/src/liblzma/api/lzma.h:
build/deps/xz-utils/src/liblzma/api/lzma/version.h:
build/deps/xz-utils/src/liblzma/api/lzma/base.h:
build/deps/xz-utils/src/liblzma/api/lzma/vli.h:
build/deps/xz-utils/src/liblzma/api/lzma/check.h:
build/deps/xz-utils/src/liblzma/api/lzma/filter.h:
build/deps/xz-utils/src/liblzma/api/lzma/bcj.h:
build/deps/xz-utils/src/liblzma/api/lzma/delta.h:
build/deps/xz-utils/src/liblzma/api/lzma/lzma12.h:
build/deps/xz-utils/src/liblzma/api/lzma/container.h:
build/deps/xz-utils/src/liblzma/api/lzma/stream_flags.h:
build/deps/xz-utils/src/liblzma/api/lzma/block.h:
build/deps/xz-utils/src/liblzma/api/lzma/index.h:
build/deps/xz-utils/src/liblzma/api/lzma/index_hash.h:
build/deps/xz-utils/src/liblzma/api/lzma/hardware.h:
