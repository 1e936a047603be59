// The machine's physical memory as one sorted list: E820, UEFI map or a test fixture.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "src/base/result.h"

namespace hawser {

using Phys = uint64_t;

/// Half-open range [start, end) of physical addresses.
struct Range {
  Phys start = 0;
  Phys end = 0;
  constexpr uint64_t size() const { return end - start; }
  constexpr bool contains(const Range& other) const {
    return other.start >= start && other.end <= end;
  }
  constexpr bool overlaps(const Range& other) const {
    return start < other.end && other.start < end;
  }
};

/// Region types, numbered as in ACPI 6.5 §15 (INT 15h E820h) and Multiboot's memory map.
enum class MemoryType : uint32_t {
  Ram = 1,
  Reserved = 2,
  AcpiReclaimable = 3,
  AcpiNvs = 4,
  Bad = 5
};

struct MemoryRegion {
  Range range;
  MemoryType type = MemoryType::Reserved;
};

/// What the firmware reported, normalised (sorted, overlaps resolved in favour of the non-RAM
/// type, neighbours of one type merged), and what Hawser itself occupies.
/// The claims never change what a kernel is told: they are free again after hand-over.
class MemoryMap {
 public:
  MemoryMap() = default;
  explicit MemoryMap(const std::vector<MemoryRegion>& reported);

  /// As reported by the firmware: what kernels are told.
  const std::vector<MemoryRegion>& regions() const { return regions_; }

  /// Marks a range as used by Hawser (agent image, heap, page tables, trampoline).
  void claim(Range range);
  const std::vector<Range>& claims() const { return claims_; }

  /// RAM that no claim covers, sorted by address.
  std::vector<Range> free_ranges() const;
  /// True when all of `range` is RAM by the firmware's map (claims do not matter).
  bool is_ram(Range range) const;
  /// True when all of `range` is RAM and no claim overlaps it.
  bool is_free(Range range) const;
  /// Bytes of RAM in all.
  uint64_t ram_bytes() const;

 private:
  std::vector<MemoryRegion> regions_;
  std::vector<Range> claims_;
};

}  // namespace hawser
