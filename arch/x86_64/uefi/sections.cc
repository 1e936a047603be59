// PE sections: see sections.h.
#include "arch/x86_64/uefi/sections.h"

#include <cstdint>

namespace hawser::uefi {

Bytes find_section(Bytes image, std::string_view name) {
  constexpr uint64_t kHeaderPointer = 0x3c, kCountAt = 6, kOptionalBytesAt = 20, kOptionalAt = 24;
  constexpr uint64_t kRowBytes = 40, kNameBytes = 8, kBytesAt = 8, kAddressAt = 12;
  constexpr uint32_t kSignature = 0x4550;  // "PE\0\0"
  uint64_t header = read_le<uint32_t>(image, kHeaderPointer).value_or(0);
  if (read_le<uint32_t>(image, header) != kSignature) return {};
  uint64_t count = read_le<uint16_t>(image, header + kCountAt).value_or(0);
  uint64_t table =
      header + kOptionalAt + read_le<uint16_t>(image, header + kOptionalBytesAt).value_or(0);
  for (uint64_t i = 0; i < count; ++i) {
    auto row = slice(image, table + i * kRowBytes, kRowBytes);
    if (!row) return {};
    std::string_view found = text_of(row->first(kNameBytes));
    if (found.substr(0, found.find('\0')) != name) continue;
    auto section =
        slice(image, *read_le<uint32_t>(*row, kAddressAt), *read_le<uint32_t>(*row, kBytesAt));
    return section.value_or(Bytes{});
  }
  return {};
}

}  // namespace hawser::uefi
