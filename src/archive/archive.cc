#include "src/archive/archive.h"

#include <algorithm>
#include <vector>

#include "src/archive/decoders.h"

namespace hawser {
namespace {

constexpr uint8_t kGzipMagic[] = {0x1f, 0x8b, 8};  // RFC 1952 §2.3.1; 8: deflate
constexpr uint8_t kZstdMagic[] = {0x28, 0xb5, 0x2f, 0xfd};
constexpr uint8_t kXzMagic[] = {0xfd, '7', 'z', 'X', 'Z', 0};

template <size_t kCount>
bool starts_with(Bytes file, const uint8_t (&magic)[kCount]) {
  return file.size() >= kCount && std::equal(magic, magic + kCount, file.begin());
}

/// RFC 8878 §3.1.2: these may stand in front of data.
bool is_skippable_frame(Bytes file) {
  constexpr uint32_t kFirst = 0x184d2a50;
  auto magic = read_le<uint32_t>(file, 0);
  return magic && (*magic & ~15u) == kFirst;
}

/// RFC 1950 §2.2: deflate, a window of at most 32 KiB, the check bits, no preset dictionary.
bool is_zlib(Bytes file) {
  constexpr uint16_t kDictionary = 0x20, kDivisor = 31;
  auto header = read_be<uint16_t>(file, 0);
  return header && (*header >> 8 & 15) == 8 && *header >> 12 <= 7 && *header % kDivisor == 0 &&
         !(*header & kDictionary);
}

/// Members may be padded with zeros up to the next block of a tape or disk.
Bytes without_padding(Bytes bytes) {
  return bytes.subspan(
      size_t(std::ranges::find_if(bytes, [](uint8_t b) { return b != 0; }) - bytes.begin()));
}

Status unpack_members(ArchiveKind kind, Bytes in, ArchiveMemory& memory, Sink& sink,
                      const std::function<bool()>& stop) {
  constexpr size_t kPieceBytes = size_t{256} << 10;
  std::vector<uint8_t> piece(kPieceBytes);
  auto decoder = TRY(make_decoder(kind, memory));
  for (;;) {
    if (stop()) return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
    size_t before = in.size();
    MutBytes out = piece;
    bool ended = TRY(decoder->step(in, out));
    size_t made = piece.size() - out.size();
    if (made > 0) TRY(sink.write(Bytes{piece}.first(made)));
    if (ended) {
      in = without_padding(in);
      if (in.empty()) return ok_status();
      if (archive_kind(in) != kind)
        return archive::damaged(cat(in.size(), " bytes of something else follow its end"));
      decoder.reset();  // gives its memory back first
      decoder = TRY(make_decoder(kind, memory));
    } else if (made == 0 && in.size() == before) {
      return archive::damaged("it ends early");
    }
  }
}

}  // namespace

std::string_view archive_name(ArchiveKind kind) {
  constexpr std::string_view kNames[] = {"gzip", "zlib", "zstd", "xz"};
  return kNames[size_t(kind)];
}

std::optional<ArchiveKind> archive_kind(Bytes file) {
  if (starts_with(file, kGzipMagic)) return ArchiveKind::Gzip;
  if (starts_with(file, kZstdMagic) || is_skippable_frame(file)) return ArchiveKind::Zstd;
  if (starts_with(file, kXzMagic)) return ArchiveKind::Xz;
  if (is_zlib(file)) return ArchiveKind::Zlib;
  return std::nullopt;
}

Result<std::unique_ptr<Decoder>> make_decoder(ArchiveKind kind, ArchiveMemory& memory) {
  switch (kind) {
    case ArchiveKind::Zstd:
      return archive::make_zstd(memory);
    case ArchiveKind::Xz:
      return archive::make_xz(memory);
    case ArchiveKind::Gzip:
    case ArchiveKind::Zlib:
      break;
  }
  return archive::make_inflate(kind == ArchiveKind::Gzip, memory);
}

Status unpack(ArchiveKind kind, Bytes archive, ArchiveMemory& memory, Sink& out,
              const std::function<bool()>& stop) {
  Status unpacked = unpack_members(kind, archive, memory, out, stop);
  if (unpacked.ok()) return unpacked;
  return std::move(unpacked).error().in(archive_name(kind));
}

}  // namespace hawser
