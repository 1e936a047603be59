// Configuration tables: see tables.h. ACPI 6.5 §5.2.
#include "arch/x86_64/uefi/tables.h"

#include "arch/x86_64/firmware_tables.h"
#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi {
namespace {

constexpr uint64_t kHeaderBytes = 36;         // that all tables start with
constexpr size_t kBytes1 = 20, kBytes2 = 36;  // of root pointers

/// A table with a sane length; empty otherwise.
Bytes table_at(uint64_t at) {
  constexpr uint32_t kLongest = 4u << 20;
  if (at < 0x1000) return {};
  auto* memory = reinterpret_cast<const uint8_t*>(at);
  uint32_t bytes = *read_le<uint32_t>({memory, kHeaderBytes}, 4);
  if (bytes < kHeaderBytes || bytes > kLongest || bytes > ~uint64_t{0} - at) return {};
  return {memory, bytes};
}

bool has_signature(Bytes table, std::string_view signature) {
  return !table.empty() && text_of(table.first(4)) == signature;
}

/// XSDT or RSDT, and the size of its entries.
struct Root {
  Bytes table;
  unsigned entry_bytes = 8;
};

Root root_table() {
  constexpr size_t kRsdt = 16, kXsdt = 24;
  if (auto* rsdp = static_cast<const uint8_t*>(configuration_table(efi::guid::kAcpi20))) {
    Bytes xsdt = table_at(*read_le<uint64_t>({rsdp, kBytes2}, kXsdt));
    if (has_signature(xsdt, "XSDT")) return {xsdt, 8};
  }
  if (auto* rsdp = static_cast<const uint8_t*>(configuration_table(efi::guid::kAcpi10))) {
    Bytes rsdt = table_at(*read_le<uint32_t>({rsdp, kBytes1}, kRsdt));
    if (has_signature(rsdt, "RSDT")) return {rsdt, 4};
  }
  return {};
}

/// The DSDT, which the FADT names (§5.2.9): by X_DSDT, else DSDT.
Bytes dsdt() {
  constexpr uint64_t kDsdt = 40, kXDsdt = 140;
  Bytes fadt = find_acpi_table("FACP", 0);
  uint64_t at = read_le<uint64_t>(fadt, kXDsdt).value_or(0);
  if (!at) at = read_le<uint32_t>(fadt, kDsdt).value_or(0);
  return table_at(at);
}

}  // namespace

Bytes acpi_root_pointer() {
  if (auto* rsdp = static_cast<const uint8_t*>(configuration_table(efi::guid::kAcpi20)))
    return {rsdp, kBytes2};
  if (auto* rsdp = static_cast<const uint8_t*>(configuration_table(efi::guid::kAcpi10)))
    return {rsdp, kBytes1};
  return {};
}

Platform::Smbios find_smbios_table() {
  constexpr size_t kLongestEntry = 32;
  for (const efi::Guid* guid : {&efi::guid::kSmbios3, &efi::guid::kSmbios}) {
    auto* at = static_cast<const uint8_t*>(configuration_table(*guid));
    if (!at) continue;
    auto entry = find_smbios({at, kLongestEntry});
    if (entry && entry->address >= 0x1000)
      return {{reinterpret_cast<const uint8_t*>(entry->address), entry->bytes}, entry->version};
  }
  return {};
}

Bytes find_acpi_table(std::string_view signature, unsigned index) {
  if (signature == "DSDT") return index == 0 ? dsdt() : Bytes{};
  Root root = root_table();
  if (has_signature(root.table, signature)) return index == 0 ? root.table : Bytes{};
  for (uint64_t at = kHeaderBytes; fits(at, root.entry_bytes, root.table.size());
       at += root.entry_bytes) {
    uint64_t entry = root.entry_bytes == 8 ? *read_le<uint64_t>(root.table, at)
                                           : *read_le<uint32_t>(root.table, at);
    Bytes table = table_at(entry);
    if (has_signature(table, signature) && index-- == 0) return table;
  }
  return {};
}

}  // namespace hawser::uefi
