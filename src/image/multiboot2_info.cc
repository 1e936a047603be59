#include "src/image/multiboot2_info.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/version.h"

namespace hawser::multiboot2 {
namespace {

using multiboot::Builder;

/// Types of tags.
enum Tag : uint32_t {
  kEnd = 0,
  kCommandLine = 1,
  kLoaderName = 2,
  kModule = 3,
  kBasicMemory = 4,
  kMemoryMap = 6,
  kElfSections = 9,
  kEfi64SystemTable = 12,
  kOldRsdp = 14,
  kNewRsdp = 15,
  kEfiMemoryMap = 17,
  kBootServicesGoOn = 18,
  kEfi64ImageHandle = 20,
  kLoadBase = 21,
};
constexpr uint32_t kTagAlign = 8, kMapEntryBytes = 24;
constexpr uint64_t kLowMemoryEnd = 0xa0000;
constexpr size_t kOldRsdpBytes = 20;
constexpr uint64_t kTagHeader = 8, kMapHeader = 16;
/// What the firmware's map may grow by until the end.
constexpr uint64_t kMapSlack = 4096;

/// Puts one tag: type, size, and what `fill` puts.
template <class Fill>
void put_tag(Builder& info, Tag type, Fill fill) {
  info.align(kTagAlign);
  size_t start = info.size();
  info.put(uint32_t{type});
  info.put(uint32_t{0});
  fill();
  info.set(start + 4, uint32_t(info.size() - start));
}

void put_memory(Builder& info, const MemoryMap& memory) {
  put_tag(info, kBasicMemory, [&] {
    info.put(multiboot::kib_from(memory, 0, kLowMemoryEnd));
    info.put(multiboot::kib_from(memory, multiboot::kOneMiB, ~Phys{0}));
  });
  put_tag(info, kMemoryMap, [&] {
    info.put(kMapEntryBytes);
    info.put(uint32_t{0});  // version
    for (const MemoryRegion& region : multiboot::regions_to_tell(memory)) {
      info.put(region.range.start);
      info.put(region.range.size());
      info.put(uint32_t(region.type));
      info.put(uint32_t{0});
    }
  });
}

void put_firmware(Builder& info, const Facts& facts) {
  const Firmware& firmware = facts.firmware;
  if (firmware.rsdp.size() >= kOldRsdpBytes)
    put_tag(info, kOldRsdp, [&] { info.bytes(firmware.rsdp.first(kOldRsdpBytes)); });
  if (firmware.rsdp.size() > kOldRsdpBytes)
    put_tag(info, kNewRsdp, [&] { info.bytes(firmware.rsdp); });
  if (!firmware.efi) return;
  put_tag(info, kEfi64SystemTable, [&] { info.put(firmware.efi->system_table); });
  if (!facts.boot_services) return;
  put_tag(info, kEfi64ImageHandle, [&] { info.put(firmware.efi->image_handle); });
  put_tag(info, kBootServicesGoOn, [] {});
}

}  // namespace

std::vector<uint8_t> make_info(const Facts& facts) {
  Builder info;
  info.zeros(8);
  put_tag(info, kCommandLine, [&] { info.text(facts.cmdline); });
  put_tag(info, kLoaderName, [&] { info.text(cat("Hawser ", kVersion)); });
  for (const multiboot::Module& module : facts.modules)
    put_tag(info, kModule, [&] {
      info.put(module.start);
      info.put(module.end);
      info.text(module.text);
    });
  if (facts.load_base) put_tag(info, kLoadBase, [&] { info.put(*facts.load_base); });
  if (facts.memory) put_memory(info, *facts.memory);
  if (const auto& sections = facts.sections)
    put_tag(info, kElfSections, [&] {
      info.put(sections->count);
      info.put(sections->row_bytes);
      info.put(sections->names_row);
      info.bytes(sections->headers);
    });
  put_firmware(info, facts);
  if (facts.firmware.efi && !facts.boot_services)
    put_tag(info, kEfiMemoryMap, [&] {
      info.zeros(kMapHeader - kTagHeader + facts.firmware.efi->map_bytes + kMapSlack);
    });
  put_tag(info, kEnd, [] {});
  info.set(0, uint32_t(info.size()));
  return info.take();
}

void put_final_map(MutBytes info, const LeftBehind& left) {
  uint64_t at = kTagHeader;  // as long as the structure's own header
  uint32_t type = kEnd, bytes = 0;
  for (;; at += (uint64_t{bytes} + kTagAlign - 1) & ~uint64_t{kTagAlign - 1}) {
    if (!fits(at, kTagHeader, info.size())) return;
    type = *read_le<uint32_t>(info, at);
    bytes = *read_le<uint32_t>(info, at + 4);
    if (type == kEfiMemoryMap) break;
    if (type == kEnd || bytes < kTagHeader) return;
  }
  if (left.row_bytes == 0 || bytes < kMapHeader || !fits(at, bytes, info.size())) return;
  uint64_t rows = std::min<uint64_t>(left.map.size(), bytes - kMapHeader) / left.row_bytes;
  uint32_t used = uint32_t(rows * left.row_bytes);
  write_le(info.data() + at + 4, uint32_t(kMapHeader + used));
  write_le(info.data() + at + 8, left.row_bytes);
  write_le(info.data() + at + 12, left.version);
  std::copy_n(left.map.begin(), used, info.begin() + long(at + kMapHeader));
  // The end comes sooner now. What is kept for the map ends on a boundary, with the end behind it.
  at = (at + kMapHeader + used + kTagAlign - 1) & ~uint64_t{kTagAlign - 1};
  write_le(info.data() + at, uint32_t{kEnd});
  write_le(info.data() + at + 4, uint32_t{kTagHeader});
  write_le(info.data(), uint32_t(at + kTagHeader));
}

}  // namespace hawser::multiboot2
