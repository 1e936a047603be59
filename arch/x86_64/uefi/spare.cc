// Which memory to take: see spare.h.
#include "arch/x86_64/uefi/spare.h"

#include <algorithm>

#include "src/base/sort.h"

namespace hawser::uefi {
namespace {

using efi::kPageBytes;
using efi::MemoryKind;

constexpr uint64_t kMib = 1024 * 1024;
constexpr uint64_t kWorthTaking = 4 * kMib;

Range below_four_gib(Range range) { return {range.start, std::min(range.end, kFourGib)}; }

/// The largest free piece below 4 GiB; empty if there is none.
Range largest_low(const std::vector<FirmwareRegion>& map) {
  Range best;
  for (const FirmwareRegion& region : map) {
    if (region.kind != MemoryKind::Conventional || region.range.start >= kFourGib) continue;
    Range low = below_four_gib(region.range);
    if (low.size() > best.size()) best = low;
  }
  return best;
}

}  // namespace

MemoryType type_for_kernel(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::LoaderCode:
    case MemoryKind::LoaderData:
    case MemoryKind::BootServicesCode:
    case MemoryKind::BootServicesData:
    case MemoryKind::Conventional:
      return MemoryType::Ram;
    case MemoryKind::AcpiReclaim:
      return MemoryType::AcpiReclaimable;
    case MemoryKind::AcpiNvs:
      return MemoryType::AcpiNvs;
    case MemoryKind::Unusable:
      return MemoryType::Bad;
    default:
      return MemoryType::Reserved;
  }
}

std::vector<MemoryRegion> for_kernel(const std::vector<FirmwareRegion>& map) {
  std::vector<MemoryRegion> regions;
  for (const FirmwareRegion& region : map)
    regions.push_back({region.range, type_for_kernel(region.kind)});
  return regions;
}

std::vector<Range> choose_spare(const std::vector<FirmwareRegion>& map) {
  Range largest = largest_low(map);
  uint64_t keep = std::clamp(largest.size() / 4, 16 * kMib, 128 * kMib) & ~(kPageBytes - 1);
  std::vector<Range> spare;
  for (const FirmwareRegion& region : map) {
    if (region.kind != MemoryKind::Conventional) continue;
    Range range{std::max(region.range.start, kMib), region.range.end};
    // A piece over the 4 GiB line is cut there, so that what lies below can be told apart.
    for (Range part : {Range{range.start, std::min(range.end, kFourGib)},
                       Range{std::max(range.start, kFourGib), range.end}}) {
      if (part.end <= part.start) continue;
      if (part.end == largest.end) part.end -= std::min(keep, part.size());
      if (part.size() >= kWorthTaking) spare.push_back(part);
    }
  }
  return spare;
}

std::vector<FirmwareRegion> parse_map(Bytes map, uint64_t step) {
  std::vector<FirmwareRegion> regions;
  for (uint64_t at = 0; step && fits(at, sizeof(efi::MemoryDescriptor), map.size()); at += step) {
    auto& d = *reinterpret_cast<const efi::MemoryDescriptor*>(map.data() + at);
    uint64_t most = (~uint64_t{0} - d.physical_start) / kPageBytes;
    uint64_t bytes = std::min(d.pages, most) * kPageBytes;
    regions.push_back({{d.physical_start, d.physical_start + bytes}, d.kind});
  }
  sort(regions, [](const FirmwareRegion& a, const FirmwareRegion& b) {
    return a.range.start < b.range.start;
  });
  return regions;
}

}  // namespace hawser::uefi
