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
  /// Highest or lowest place for `bytes` on a 4096-byte boundary inside `within`. Takes nothing.
  std::optional<Phys> highest(uint64_t bytes, Range within) const;
  std::optional<Phys> lowest(uint64_t bytes, Range within) const;
  /// Bytes of the largest such place.
  uint64_t largest(Range within) const;

 private:
  std::vector<Range> usable(Range within) const;
  std::vector<Range> free_;
};

}  // namespace hawser
