// The processor and the PCI bus as settings.
#pragma once

#include "src/base/text.h"
#include "src/settings/settings.h"

namespace hawser {

/// cpuvendor, cpumodel, and registers by "leaf.subleaf.register" (0 to 3: EAX, EBX, ECX, EDX).
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

/// Bytes of ACPI tables by "signature.index.offset-high.offset-low.length": the signature as the
/// number of its four letters (0x41504943: "APIC"); length 0 means up to the end of the table, or
/// 64 KiB.
class AcpiBlock : public SettingsBlock {
 public:
  explicit AcpiBlock(Platform& platform) : SettingsBlock("acpi"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;

 private:
  Platform& platform_;
};

/// UEFI variables by their names: "efi/SecureBoot".
class EfiBlock : public SettingsBlock {
 public:
  explicit EfiBlock(Platform& platform) : SettingsBlock("efi"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;

 private:
  Platform& platform_;
};

/// Files that QEMU was given for its firmware, by their names; only those with a "/" in them, so
/// that a look for a variable need not go through QEMU's directory.
class FwCfgBlock : public SettingsBlock {
 public:
  explicit FwCfgBlock(Platform& platform) : SettingsBlock("fw_cfg"), platform_(platform) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;

 private:
  Platform& platform_;
};

}  // namespace hawser
