#include "drivers/undi/find.h"

#include <array>
#include <numeric>

#include "src/base/format.h"

namespace hawser::undi {
namespace {

/// A structure with a length byte whose bytes sum to zero.
struct Shape {
  std::string_view signature;
  size_t length_at, least_bytes;
};
// !PXE: §4.4.3.1. PXENV+: §4.4.3.2; it is shorter in ROMs before version 2.0.
constexpr Shape kPxe{"!PXE", 4, 0x14};
constexpr size_t kPxeEntryAt = 0x10;
constexpr Shape kPxenv{"PXENV+", 8, 0x10};
constexpr size_t kPxenvVersionAt = 6, kPxenvEntryAt = 0xa, kPxenvPxeAt = 0x28;
constexpr uint16_t kVersionWithPxe = 0x0201;

FarPointer pointer_at(Bytes bytes, size_t at) {
  return {*read_le<uint16_t>(bytes, at), *read_le<uint16_t>(bytes, at + 2)};
}

/// The whole structure at `at`, its checksum verified.
Result<std::vector<uint8_t>> structure(const ReadMemory& read, FarPointer at, const Shape& shape) {
  auto bad = [&](std::string_view why) {
    return Error{Errc::Device, cat(shape.signature, " at ", hex(at.segment, 4), ":",
                                   hex(at.offset, 4), " ", why)};
  };
  std::vector<uint8_t> bytes(shape.least_bytes);
  if (!read(at, bytes)) return bad("is out of reach");
  if (!text_of(bytes).starts_with(shape.signature)) return bad("is not there");
  bytes.resize(bytes[shape.length_at]);
  if (bytes.size() < shape.least_bytes) return bad("is too short");
  if (!read(at, bytes)) return bad("runs out of base memory");
  if (uint8_t(std::accumulate(bytes.begin(), bytes.end(), 0u)) != 0)
    return bad("has a wrong checksum");
  return bytes;
}

Result<Entry> pxe_entry(const ReadMemory& read, FarPointer at) {
  auto bytes = TRY(structure(read, at, kPxe));
  FarPointer entry = pointer_at(bytes, kPxeEntryAt);
  if (entry.linear() == 0) return Error{Errc::Device, "!PXE has no entry point"};
  return Entry{entry, true};
}

}  // namespace

Result<Entry> find_entry(const ReadMemory& read, FarPointer pxe,
                         std::span<const FarPointer> pxenv) {
  auto found = pxe_entry(read, pxe);
  if (found.ok()) return found;
  std::string problems = found.error().text;
  std::optional<Entry> old_style;
  for (FarPointer at : pxenv) {
    auto bytes = structure(read, at, kPxenv);
    if (!bytes.ok()) {
      problems += cat("; ", bytes.error().text);
      continue;
    }
    if (*read_le<uint16_t>(*bytes, kPxenvVersionAt) >= kVersionWithPxe &&
        bytes->size() >= kPxenvPxeAt + sizeof(FarPointer)) {
      auto entry = pxe_entry(read, pointer_at(*bytes, kPxenvPxeAt));
      if (entry.ok()) return entry;
      problems += cat("; ", entry.error().text);
    }
    FarPointer entry = pointer_at(*bytes, kPxenvEntryAt);
    if (!old_style && entry.linear() != 0) old_style = Entry{entry, false};
  }
  if (old_style) return *old_style;
  return Error{Errc::Device, cat("no PXE API found: ", problems)};
}

}  // namespace hawser::undi
