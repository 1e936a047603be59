// xz: LZMA2 and the x86 filter, by liblzma's decoder.
#include <lzma.h>

#include "src/archive/decoders.h"

namespace hawser::archive {
namespace {

class Xz final : public Decoder {
 public:
  explicit Xz(ArchiveMemory& memory)
      : allocator_{[](void* opaque, size_t items, size_t size) -> void* {
                     size_t bytes;
                     if (__builtin_mul_overflow(items, size, &bytes)) return nullptr;
                     return static_cast<ArchiveMemory*>(opaque)->allocate(bytes);
                   },
                   [](void* opaque, void* memory) {
                     if (memory) static_cast<ArchiveMemory*>(opaque)->release(memory);
                   },
                   &memory} {
    stream_.allocator = &allocator_;
  }
  ~Xz() override { lzma_end(&stream_); }
  Xz(const Xz&) = delete;

  Status start() {
    if (lzma_stream_decoder(&stream_, kMostWindowBytes, LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK)
      return no_memory();
    return ok_status();
  }

  Result<bool> step(Bytes& in, MutBytes& out) override {
    stream_.next_in = in.data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    lzma_ret end = lzma_code(&stream_, LZMA_RUN);
    in = in.last(stream_.avail_in);
    out = out.last(stream_.avail_out);
    switch (end) {
      case LZMA_STREAM_END:
        return true;
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // nothing to read, or no room
        return false;
      case LZMA_MEM_ERROR:
        return no_memory();
      case LZMA_MEMLIMIT_ERROR:
        return window_too_large();
      case LZMA_UNSUPPORTED_CHECK:
        return Error{Errc::Unsupported, "its kind of checksum is not known here; pack it with"
                                        " `xz --check=crc64`"};
      case LZMA_OPTIONS_ERROR:
        return Error{Errc::Unsupported, "it was packed with a filter that is not known here; use"
                                        " LZMA2, with or without the x86 filter"};
      default:
        return damaged("its data or a checksum is wrong");
    }
  }

 private:
  lzma_allocator allocator_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_xz(ArchiveMemory& memory) {
  auto decoder = std::make_unique<Xz>(memory);
  TRY(decoder->start());
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace hawser::archive
