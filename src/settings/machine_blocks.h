// The processor and the PCI bus as settings.
#pragma once

#include "src/settings/settings.h"

namespace hawser {

/// cpuvendor and cpumodel.
class CpuidBlock : public SettingsBlock {
 public:
  explicit CpuidBlock(Platform& platform) : SettingsBlock("cpuid"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;
  std::vector<std::string> names() const override { return {"cpuvendor", "cpumodel"}; }

 private:
  Platform& platform_;
};

/// Configuration space by "location.offset.length", as in ${pci/${netX/busloc}.0.2}: the bytes of
/// a little-endian number, highest first.
class PciBlock : public SettingsBlock {
 public:
  explicit PciBlock(Platform& platform) : SettingsBlock("pci"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;

 private:
  Platform& platform_;
};

}  // namespace hawser
