// SMBIOS structures as settings (src/settings/smbios.h).
#include "src/settings/smbios.h"

#include <algorithm>

namespace hawser {
namespace {

constexpr size_t kHeaderBytes = 4;    // DSP0134 §6.1.2: type, length, handle
constexpr uint8_t kEndOfTable = 127;  // DSP0134 §7.45
constexpr uint8_t kSystem = 1;        // DSP0134 §7.2
constexpr size_t kUuidAt = 8, kUuidBytes = 16;
constexpr uint16_t kUuidSwapped = 0x0206;  // §7.2.1: first fields little-endian since 2.6

struct StringRow {
  std::string_view name;
  uint8_t type;
  uint8_t offset;
};
constexpr StringRow kStrings[] = {
    {"manufacturer", kSystem, 4}, {"product", kSystem, 5}, {"serial", kSystem, 7}, {"asset", 3, 8},
    {"board-serial", 2, 7},
};

SettingValue value_of(Bytes bytes, SettingType type) {
  return {{bytes.begin(), bytes.end()}, type};
}

std::optional<SettingValue> string_at(const SmbiosStructure& structure, size_t offset) {
  if (offset >= structure.formatted.size()) return std::nullopt;
  auto text = structure_string(structure, structure.formatted[offset]);
  if (!text) return std::nullopt;
  return value_of(bytes_of(*text), SettingType::String);
}

}  // namespace

std::optional<SmbiosStructure> find_structure(Bytes table, uint8_t type, unsigned instance) {
  for (size_t at = 0; fits(at, kHeaderBytes, table.size());) {
    uint8_t found = table[at], length = table[at + 1];
    if (length < kHeaderBytes || !fits(at, length, table.size())) return std::nullopt;
    size_t strings = at + length, end = strings;
    while (fits(end, 2, table.size()) && (table[end] != 0 || table[end + 1] != 0)) ++end;
    if (!fits(end, 2, table.size())) return std::nullopt;
    if (found == type && instance-- == 0) {
      // `end` is the NUL of the last string: part of the set, so that every string has its NUL.
      size_t set_bytes = end == strings ? 0 : end + 1 - strings;
      return SmbiosStructure{table.subspan(at, length), table.subspan(strings, set_bytes)};
    }
    if (found == kEndOfTable) return std::nullopt;
    at = end + 2;
  }
  return std::nullopt;
}

std::optional<std::string_view> structure_string(const SmbiosStructure& structure,
                                                 unsigned number) {
  std::string_view rest = text_of(structure.strings);
  for (; number > 0 && !rest.empty(); --number) {
    size_t nul = rest.find('\0');
    if (nul == std::string_view::npos) return std::nullopt;
    if (number == 1) return rest.substr(0, nul);
    rest.remove_prefix(nul + 1);
  }
  return std::nullopt;
}

std::optional<std::vector<uint8_t>> smbios_uuid(Bytes table) {
  auto structure = find_structure(table, kSystem);
  auto id = structure ? slice(structure->formatted, kUuidAt, kUuidBytes) : std::nullopt;
  if (!id) return std::nullopt;
  auto all = [&](uint8_t value) {
    return std::ranges::all_of(*id, [value](uint8_t byte) { return byte == value; });
  };
  if (all(0x00) || all(0xff)) return std::nullopt;
  return std::vector<uint8_t>(id->begin(), id->end());
}

std::optional<SettingValue> SmbiosBlock::find(const SettingKey& key) const {
  // Shorter tags are DHCP options; this block is searched before those.
  if (key.components >= 3) return find_raw(key);
  if (key.tag != 0) return std::nullopt;
  Platform::Smbios smbios = platform_.smbios();
  if (key.name == "uuid") {
    auto id = smbios_uuid(smbios.table);
    if (!id) return std::nullopt;
    if (smbios.version >= kUuidSwapped) {
      std::reverse(id->begin(), id->begin() + 4);
      std::reverse(id->begin() + 4, id->begin() + 6);
      std::reverse(id->begin() + 6, id->begin() + 8);
    }
    return SettingValue{std::move(*id), SettingType::Uuid};
  }
  for (const StringRow& row : kStrings) {
    if (row.name != key.name) continue;
    auto structure = find_structure(smbios.table, row.type);
    return structure ? string_at(*structure, row.offset) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<SettingValue> SmbiosBlock::find_raw(const SettingKey& key) const {
  auto type = uint8_t(key.tag >> 16), offset = uint8_t(key.tag >> 8), length = uint8_t(key.tag);
  auto instance = uint8_t(key.tag >> 24);
  if (key.tag >> 32) return std::nullopt;
  auto structure = find_structure(platform_.smbios().table, type, instance);
  if (!structure) return std::nullopt;
  if (offset == 0 && length == 0) return value_of(structure->formatted, SettingType::HexRaw);
  if (length == 0) return string_at(*structure, offset);
  if (offset == 0) {
    auto text = structure_string(*structure, length);
    if (!text) return std::nullopt;
    return value_of(bytes_of(*text), SettingType::String);
  }
  auto bytes = slice(structure->formatted, offset, length);
  if (!bytes) return std::nullopt;
  return value_of(*bytes, SettingType::HexRaw);
}

std::vector<std::string> SmbiosBlock::names() const {
  std::vector<std::string> names{"uuid"};
  for (const StringRow& row : kStrings) names.emplace_back(row.name);
  return names;
}

}  // namespace hawser
