// ACPI tables: see acpi.h.
#include "arch/x86_64/bios/acpi.h"

#include <optional>

#include "arch/x86_64/firmware_tables.h"
#include "arch/x86_64/bios/real_mode.h"

namespace hawser::bios::acpi {
namespace {

constexpr uint64_t kFadtDsdt = 40;  // §5.2.9

/// A table below 4 GiB with a sane length; empty otherwise.
Bytes table_at(uint32_t at) {
  constexpr uint32_t kLongest = 4u << 20;
  if (at < 0x1000 || at > 0xffffffff - kHeaderBytes) return {};
  auto* memory = reinterpret_cast<const uint8_t*>(uintptr_t{at});
  uint32_t bytes = *read_le<uint32_t>({memory, kHeaderBytes}, 4);
  if (bytes < kHeaderBytes || bytes > kLongest || bytes > 0xffffffff - at) return {};
  return {memory, bytes};
}

bool has_signature(Bytes table, std::string_view signature) {
  return !table.empty() && text_of(table.first(4)) == signature;
}

Bytes memory_at(uint64_t start, uint64_t bytes) {
  return {reinterpret_cast<const uint8_t*>(start), bytes};
}

Bytes root_table() {
  auto at = find_rsdt(root_pointer());
  Bytes table = at ? table_at(*at) : Bytes{};
  return has_signature(table, "RSDT") ? table : Bytes{};
}

}  // namespace

Bytes root_pointer() {
  uint64_t ebda = uint64_t{low_memory<uint16_t>(bda::kEbdaSegment)} << 4;
  Bytes found;
  if (ebda >= 0x1000 && ebda < 0xa0000 - 1024) found = find_rsdp(memory_at(ebda, 1024));
  return found.empty() ? find_rsdp(memory_at(0xe0000, 0x20000)) : found;
}

Bytes find_table(std::string_view signature, unsigned index) {
  Bytes root = root_table();
  if (signature == "RSDT") return index == 0 ? root : Bytes{};
  if (signature == "DSDT") {
    auto at = read_le<uint32_t>(find_table("FACP"), kFadtDsdt);
    Bytes table = at && index == 0 ? table_at(*at) : Bytes{};
    return has_signature(table, signature) ? table : Bytes{};
  }
  for (uint64_t at = kHeaderBytes; fits(at, 4, root.size()); at += 4) {
    Bytes table = table_at(*read_le<uint32_t>(root, at));
    if (has_signature(table, signature) && index-- == 0) return table;
  }
  return {};
}

}  // namespace hawser::bios::acpi
