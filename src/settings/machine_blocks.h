// The processor and the PCI bus as settings.
#pragma once

#include "src/base/text.h"
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

/// What is built into this copy of Hawser: 1 for each.
class FeatureBlock : public SettingsBlock {
 public:
  static constexpr std::string_view kName = "feature";
  FeatureBlock() : SettingsBlock(std::string(kName)) {}
  std::optional<SettingValue> find(const SettingKey& key) const override {
    for (const std::string& name : present)
      if (equal_ignoring_case(name, key.name)) return SettingValue{{1}, SettingType::Int8};
    return std::nullopt;
  }
  std::vector<std::string> names() const override { return present; }

  std::vector<std::string> present;
};

}  // namespace hawser
