#include "src/pack.h"

#include "src/base/format.h"

namespace hawser {
namespace {

constexpr uint32_t kVersion1 = 1;
constexpr auto kLastKind = uint32_t(PackEntry::Kind::Key);

Error damaged() {
  return {Errc::Invalid, "what hawser-pack added is damaged: make the artifact again"};
}

/// One entry, taken off the front of `rest`.
Result<PackEntry> take_entry(Bytes& rest) {
  auto kind = read_le<uint32_t>(rest, 0), name_bytes = read_le<uint32_t>(rest, 4),
       data_bytes = read_le<uint32_t>(rest, 8);
  if (!data_bytes) return damaged();
  if (*kind == 0 || *kind > kLastKind)
    return Error{Errc::Unsupported, cat("hawser-pack added something of kind ", *kind,
                                        ", which this version does not know")};
  rest = rest.subspan(12);
  auto name = slice(rest, 0, *name_bytes), data = slice(rest, *name_bytes, *data_bytes);
  if (!name || !data) return damaged();
  uint64_t used = (uint64_t{*name_bytes} + *data_bytes + 3) & ~uint64_t{3};
  if (used > rest.size()) return damaged();
  rest = rest.subspan(used);
  return PackEntry{PackEntry::Kind(*kind), text_of(*name), *data};
}

}  // namespace

Result<std::vector<PackEntry>> parse_pack(Bytes pack) {
  std::vector<PackEntry> entries;
  if (pack.empty()) return entries;
  auto version = read_le<uint32_t>(pack, 0);
  if (!version) return damaged();
  if (*version != kVersion1)
    return Error{Errc::Unsupported, cat("hawser-pack's format ", *version, " is not known here")};
  for (Bytes rest = pack.subspan(4); !rest.empty();) entries.push_back(TRY(take_entry(rest)));
  return entries;
}

}  // namespace hawser
