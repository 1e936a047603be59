// Finds places in RAM for the parts of a load plan.
#pragma once

#include <optional>
#include <vector>

#include "src/memory_map.h"

namespace hawser {

/// RAM that neither Hawser nor an earlier part of the plan occupies.
class Placement {
 public:
  explicit Placement(const MemoryMap& memory) : free_(memory.free_ranges()) {}

  /// Occupies `range`, whether or not it is free.
  void take(Range range);
  bool is_free(Range range) const;
  static constexpr uint64_t kPage = 4096;
  /// Highest or lowest place for `bytes` inside `within` on a boundary of `align`, a power of 2 of at
  /// least 4096. Takes nothing.
  std::optional<Phys> highest(uint64_t bytes, Range within, uint64_t align = kPage) const;
  std::optional<Phys> lowest(uint64_t bytes, Range within, uint64_t align = kPage) const;
  /// Bytes of the largest such place.
  uint64_t largest(Range within) const;

 private:
  std::vector<Range> usable(Range within, uint64_t align = kPage) const;
  std::vector<Range> free_;
};

}  // namespace hawser
