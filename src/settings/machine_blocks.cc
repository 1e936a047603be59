#include "src/settings/machine_blocks.h"

#include <algorithm>
#include <initializer_list>

namespace hawser {
namespace {

void append(std::string& text, std::initializer_list<uint32_t> registers) {
  for (uint32_t word : registers)
    for (int shift = 0; shift < 32; shift += 8) text.push_back(char(word >> shift));
}

std::string vendor(Platform& platform) {
  std::string text;
  if (auto leaf = platform.cpuid(0)) append(text, {leaf->ebx, leaf->edx, leaf->ecx});
  return text;
}

std::string model(Platform& platform) {
  constexpr uint32_t kExtended = 0x80000000, kFirst = kExtended + 2, kLast = kExtended + 4;
  std::string text;
  auto most = platform.cpuid(kExtended);
  if (!most || most->eax < kLast) return text;
  for (uint32_t number = kFirst; number <= kLast; ++number)
    if (auto leaf = platform.cpuid(number))
      append(text, {leaf->eax, leaf->ebx, leaf->ecx, leaf->edx});
  text.resize(std::string_view(text.c_str()).size());
  text.erase(0, text.find_first_not_of(' '));  // some processors pad in front
  return text;
}

/// Bytes of one register, highest first. Shorter tags are DHCP options.
std::optional<SettingValue> cpuid_register(Platform& platform, const SettingKey& key) {
  constexpr uint32_t kRange = 0xffff0000;  // leaves come in ranges, each beginning with its last
  auto leaf = uint32_t(key.tag >> 16);
  auto number = uint8_t(key.tag);
  if (key.components != 3 || key.tag >> 48 || number > 3) return std::nullopt;
  auto last = platform.cpuid(leaf & kRange);
  if (!last || last->eax < leaf) return std::nullopt;
  auto found = platform.cpuid(leaf, uint8_t(key.tag >> 8));
  if (!found) return std::nullopt;
  const uint32_t registers[] = {found->eax, found->ebx, found->ecx, found->edx};
  return SettingValue{number_bytes(registers[number], 4), SettingType::HexRaw};
}

}  // namespace

std::optional<SettingValue> CpuidBlock::find(const SettingKey& key) const {
  if (key.components) return cpuid_register(platform_, key);
  bool is_vendor = key.name == "cpuvendor";
  if (key.tag != 0 || (!is_vendor && key.name != "cpumodel")) return std::nullopt;
  std::string text = is_vendor ? vendor(platform_) : model(platform_);
  if (text.empty()) return std::nullopt;
  return SettingValue{{text.begin(), text.end()}, SettingType::String};
}

std::optional<SettingValue> PciBlock::find(const SettingKey& key) const {
  constexpr size_t kSpaceBytes = 256;
  auto offset = uint8_t(key.tag >> 8), length = uint8_t(key.tag);
  if (key.components != 3 || key.tag >> 48 || length == 0 || !fits(offset, length, kSpaceBytes))
    return std::nullopt;
  auto location = uint32_t(key.tag >> 16);
  if (uint16_t(platform_.pci_read(location, 0)) == 0xffff) return std::nullopt;
  SettingValue value{{}, SettingType::HexRaw};
  for (size_t at = size_t{offset} + length; at-- > offset;)
    value.bytes.push_back(uint8_t(platform_.pci_read(location, at & 0xfc) >> (at & 3) * 8));
  return value;
}

std::optional<SettingValue> AcpiBlock::find(const SettingKey& key) const {
  constexpr size_t kMostBytes = size_t{64} << 10;
  if (key.components != 5) return std::nullopt;
  char signature[4];
  write_be(reinterpret_cast<uint8_t*>(signature), uint32_t(key.tag >> 32));
  Bytes table = platform_.acpi_table({signature, sizeof signature}, uint8_t(key.tag >> 24));
  auto offset = uint16_t(key.tag >> 8);
  size_t length = uint8_t(key.tag);
  if (table.empty() || offset > table.size()) return std::nullopt;
  if (length == 0) length = std::min(table.size() - offset, kMostBytes);
  auto bytes = slice(table, offset, length);
  if (!bytes) return std::nullopt;
  return SettingValue{{bytes->begin(), bytes->end()}, SettingType::HexRaw};
}

std::optional<SettingValue> EfiBlock::find(const SettingKey& key) const {
  auto value = platform_.efi_variable(key.name);
  if (!value) return std::nullopt;
  return SettingValue{std::move(*value), SettingType::Hex};
}

std::optional<SettingValue> FwCfgBlock::find(const SettingKey& key) const {
  if (key.name.find('/') == std::string_view::npos) return std::nullopt;
  auto file = platform_.fw_cfg(key.name);
  if (!file) return std::nullopt;
  return SettingValue{std::move(*file), SettingType::String};
}

}  // namespace hawser
