// Compressed files, unpacked as a stream: gzip (RFC 1952), zlib (RFC 1950), Zstandard (RFC 8878)
// and xz (xz-file-format 1.2.1). The decoders are Debian's zlib, libzstd and liblzma.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/fetch.h"

namespace hawser {

enum class ArchiveKind : uint8_t { Gzip, Zlib, Zstd, Xz };

/// "gzip", "zlib", "zstd", "xz".
std::string_view archive_name(ArchiveKind kind);
/// By the first bytes. Two bytes make a zlib header, which other files may begin with as well.
std::optional<ArchiveKind> archive_kind(Bytes file);

/// The most that a zstd window (--long=27) or an xz dictionary with its decoder may take.
inline constexpr uint64_t kMostWindowBytes = 128u << 20;

/// Where decoders get their memory: a few pieces, one of them as large as the window.
class ArchiveMemory {
 public:
  virtual ~ArchiveMemory() = default;
  /// Aligned to 16 bytes, at least; nullptr when there is none. Lives until release().
  virtual void* allocate(size_t bytes) = 0;
  virtual void release(void* memory) = 0;
};

/// One member of a compressed file under way.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Reads from the front of `in` and writes to the front of `out`; both then begin after that. It
  /// does something whenever there is input to read and room to write. True at the end of the
  /// member, whose checksum was right.
  /// Errors: Invalid (damaged, or made with what we cannot undo), NoMemory, NoSpace (window).
  virtual Result<bool> step(Bytes& in, MutBytes& out) = 0;
};
/// Borrows `memory`. Errors: NoMemory.
Result<std::unique_ptr<Decoder>> make_decoder(ArchiveKind kind, ArchiveMemory& memory);

/// Unpacks a whole file, all its members one after another, into `out`. `stop` is asked every 256
/// KiB of output. Errors: Invalid, NoMemory, NoSpace, what `out` says, Cancelled.
Status unpack(ArchiveKind kind, Bytes archive, ArchiveMemory& memory, Sink& out,
              const std::function<bool()>& stop);

}  // namespace hawser
