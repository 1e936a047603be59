// gzip and zlib, by zlib's inflate.
#include <lzma.h>
#include <zlib.h>

#include <algorithm>

#include "src/archive/decoders.h"

// zlib's crc32.c would bring tables of its own; liblzma computes the same (RFC 1952 §8).
extern "C" uLong z_crc32(uLong crc, const Bytef* bytes, uInt count) {
  return bytes ? lzma_crc32(bytes, count, uint32_t(crc)) : 0;
}

namespace hawser::archive {
namespace {

class Inflate final : public Decoder {
 public:
  explicit Inflate(ArchiveMemory& memory) {
    stream_.opaque = &memory;
    stream_.zalloc = [](voidpf opaque, uInt items, uInt size) -> voidpf {
      return static_cast<ArchiveMemory*>(opaque)->allocate(size_t{items} * size);
    };
    stream_.zfree = [](voidpf opaque, voidpf memory) {
      static_cast<ArchiveMemory*>(opaque)->release(memory);
    };
  }
  ~Inflate() override { inflateEnd(&stream_); }
  Inflate(const Inflate&) = delete;

  Status start(bool gzip) {
    constexpr int kLargestWindow = 15, kGzipHeader = 16;
    if (inflateInit2(&stream_, gzip ? kLargestWindow + kGzipHeader : kLargestWindow) != Z_OK)
      return no_memory();
    return ok_status();
  }

  Result<bool> step(Bytes& in, MutBytes& out) override {
    constexpr size_t kMost = 1u << 30;  // zlib counts in 32 bits
    size_t offered = std::min(in.size(), kMost), room = std::min(out.size(), kMost);
    stream_.next_in = in.data();
    stream_.avail_in = uInt(offered);
    stream_.next_out = out.data();
    stream_.avail_out = uInt(room);
    int end = inflate(&stream_, Z_NO_FLUSH);
    in = in.subspan(offered - stream_.avail_in);
    out = out.subspan(room - stream_.avail_out);
    if (end == Z_STREAM_END) return true;
    if (end == Z_OK || end == Z_BUF_ERROR) return false;
    if (end == Z_MEM_ERROR) return no_memory();
    return damaged(stream_.msg ? stream_.msg : "no zlib data");
  }

 private:
  z_stream stream_{};
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_inflate(bool gzip, ArchiveMemory& memory) {
  auto decoder = std::make_unique<Inflate>(memory);
  TRY(decoder->start(gzip));
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace hawser::archive
