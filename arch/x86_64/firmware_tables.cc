// SMBIOS and ACPI tables: see firmware_tables.h.
#include "arch/x86_64/firmware_tables.h"

namespace hawser {
namespace {

bool sums_to_zero(Bytes bytes) {
  uint8_t sum = 0;
  for (uint8_t b : bytes) sum = uint8_t(sum + b);
  return sum == 0;
}

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && text_of(bytes.first(text.size())) == text;
}

std::optional<SmbiosEntry> parse_smbios3(Bytes at) {
  if (!starts_with(at, "_SM3_") || at.size() < 24) return std::nullopt;
  uint8_t length = at[6];
  if (length < 24 || length > at.size() || !sums_to_zero(at.first(length))) return std::nullopt;
  return SmbiosEntry{*read_le<uint64_t>(at, 16), *read_le<uint32_t>(at, 12),
                     uint16_t(at[7] << 8 | at[8])};
}

std::optional<SmbiosEntry> parse_smbios2(Bytes at) {
  if (!starts_with(at, "_SM_") || at.size() < 31) return std::nullopt;
  uint8_t length = at[5];
  if (length < 30 || length > at.size() || !sums_to_zero(at.first(length))) return std::nullopt;
  if (!starts_with(at.subspan(16), "_DMI_")) return std::nullopt;
  return SmbiosEntry{*read_le<uint32_t>(at, 24), *read_le<uint16_t>(at, 22),
                     uint16_t(at[6] << 8 | at[7])};
}

/// One small integer of ACPI byte code (ACPI 6.5 §20.2.3) at `at`, which moves past it.
std::optional<uint8_t> take_integer(Bytes code, size_t& at) {
  constexpr uint8_t kZero = 0x00, kOne = 0x01, kBytePrefix = 0x0a, kWordPrefix = 0x0b,
                    kDwordPrefix = 0x0c;
  if (at >= code.size()) return std::nullopt;
  uint8_t op = code[at++];
  if (op == kZero || op == kOne) return op;
  size_t bytes = op == kBytePrefix ? 1 : op == kWordPrefix ? 2 : op == kDwordPrefix ? 4 : 0;
  if (!bytes || !fits(at, bytes, code.size())) return std::nullopt;
  uint8_t value = code[at];
  at += bytes;
  return value;
}

}  // namespace

std::optional<SmbiosEntry> find_smbios(Bytes memory) {
  std::optional<SmbiosEntry> found;
  for (size_t at = 0; at < memory.size(); at += 16) {
    if (auto entry = parse_smbios3(memory.subspan(at))) return entry;
    if (!found) found = parse_smbios2(memory.subspan(at));
  }
  return found;
}

Bytes find_rsdp(Bytes memory) {
  constexpr size_t kVersion1Bytes = 20, kVersion2Bytes = 36, kRevisionAt = 15;
  for (size_t at = 0; at < memory.size(); at += 16) {
    Bytes entry = memory.subspan(at);
    if (!starts_with(entry, "RSD PTR ") || entry.size() < kVersion1Bytes) continue;
    if (!sums_to_zero(entry.first(kVersion1Bytes))) continue;
    bool extended = entry[kRevisionAt] >= 2 && entry.size() >= kVersion2Bytes &&
                    sums_to_zero(entry.first(kVersion2Bytes));
    return entry.first(extended ? kVersion2Bytes : kVersion1Bytes);
  }
  return {};
}

std::optional<uint32_t> find_rsdt(Bytes memory) {
  constexpr size_t kRsdtAt = 16;
  return read_le<uint32_t>(find_rsdp(memory), kRsdtAt);
}

std::optional<SoftOff> find_soft_off(Bytes dsdt) {
  constexpr uint8_t kPackageOp = 0x12;
  for (size_t at = 0; at + 4 < dsdt.size(); ++at) {
    if (!starts_with(dsdt.subspan(at), "_S5_")) continue;
    size_t p = at + 4;
    if (dsdt[p] != kPackageOp || p + 2 >= dsdt.size()) continue;
    p += 2 + (dsdt[p + 1] >> 6);  // package length: one byte and up to three more
    ++p;                          // number of elements
    auto a = take_integer(dsdt, p);
    auto b = a ? take_integer(dsdt, p) : std::nullopt;
    if (a && b) return SoftOff{uint8_t(*a & 7), uint8_t(*b & 7)};
  }
  return std::nullopt;
}

}  // namespace hawser
