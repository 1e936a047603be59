// Zstandard, by libzstd's decoder.
#define ZSTD_STATIC_LINKING_ONLY  // for memory of our own
#include <zstd.h>
#include <zstd_errors.h>

#include <bit>

#include "src/archive/decoders.h"

namespace hawser::archive {
namespace {

class Zstd final : public Decoder {
 public:
  explicit Zstd(ArchiveMemory& memory) {
    ZSTD_customMem from{[](void* opaque, size_t bytes) {
                          return static_cast<ArchiveMemory*>(opaque)->allocate(bytes);
                        },
                        [](void* opaque, void* memory) {
                          if (memory) static_cast<ArchiveMemory*>(opaque)->release(memory);
                        },
                        &memory};
    context_ = ZSTD_createDCtx_advanced(from);
  }
  ~Zstd() override { ZSTD_freeDCtx(context_); }
  Zstd(const Zstd&) = delete;

  Status start() {
    constexpr int kMostWindowLog = std::countr_zero(kMostWindowBytes);
    if (!context_) return no_memory();
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kMostWindowLog);
    return ok_status();
  }

  Result<bool> step(Bytes& in, MutBytes& out) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    size_t left = ZSTD_decompressStream(context_, &to, &from);
    in = in.subspan(from.pos);
    out = out.subspan(to.pos);
    if (!ZSTD_isError(left)) return left == 0;
    switch (ZSTD_getErrorCode(left)) {
      case ZSTD_error_memory_allocation:
        return no_memory();
      case ZSTD_error_frameParameter_windowTooLarge:
        return window_too_large();
      case ZSTD_error_checksum_wrong:
        return damaged("its checksum is wrong");
      case ZSTD_error_dictionary_wrong:
        return Error{Errc::Unsupported, "it was packed with a dictionary, which is not here"};
      case ZSTD_error_noForwardProgress_inputEmpty:
      case ZSTD_error_noForwardProgress_destFull:
        return false;
      default:
        return damaged(cat("libzstd's error ", uint32_t(ZSTD_getErrorCode(left))));
    }
  }

 private:
  ZSTD_DCtx* context_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_zstd(ArchiveMemory& memory) {
  auto decoder = std::make_unique<Zstd>(memory);
  TRY(decoder->start());
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace hawser::archive
