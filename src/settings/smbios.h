// SMBIOS structures (DMTF DSP0134 3.7) as settings: identity of the machine.
#pragma once

#include <optional>
#include <string_view>

#include "src/settings/settings.h"

namespace hawser {

/// One structure of the table; both spans point into it.
struct SmbiosStructure {
  Bytes formatted;  ///< header and fixed fields, at least 4 bytes
  Bytes strings;    ///< the string set behind it, without its last NUL
};

/// The `instance`th (from 0) structure of a type (DSP0134 §6.1). Nothing when the table has none,
/// ends early, or is damaged before it.
std::optional<SmbiosStructure> find_structure(Bytes table, uint8_t type, unsigned instance = 0);
/// String `number` (from 1) of a structure (DSP0134 §6.1.3); nothing for 0 or when it is missing.
std::optional<std::string_view> structure_string(const SmbiosStructure& structure, unsigned number);
/// UUID of the machine as stored (DSP0134 §7.2.1); nothing when absent (all bits 0 or 1).
std::optional<std::vector<uint8_t>> smbios_uuid(Bytes table);

/// uuid, manufacturer, product, serial, asset, board-serial; and raw values by
/// "[instance.]type.offset.length": length 0 means that the byte at `offset` is a string number,
/// offset 0 that `length` is one, both 0 the whole formatted area.
class SmbiosBlock : public SettingsBlock {
 public:
  explicit SmbiosBlock(Platform& platform) : SettingsBlock("smbios"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;
  std::vector<std::string> names() const override;
  Bytes table() const { return platform_.smbios().table; }

 private:
  std::optional<SettingValue> find_raw(const SettingKey& key) const;
  Platform& platform_;
};

}  // namespace hawser
