#include "src/image/placement.h"

#include <algorithm>

namespace hawser {
void Placement::take(Range range) {
  std::vector<Range> left;
  for (const Range& free : free_) {
    if (!free.overlaps(range)) {
      left.push_back(free);
      continue;
    }
    if (free.start < range.start) left.push_back({free.start, range.start});
    if (range.end < free.end) left.push_back({range.end, free.end});
  }
  free_ = std::move(left);
}

bool Placement::is_free(Range range) const {
  return range.end >= range.start &&
         std::ranges::any_of(free_, [&](const Range& free) { return free.contains(range); });
}

/// Free ranges cut to `within`, from a boundary of `align` on.
std::vector<Range> Placement::usable(Range within, uint64_t align) const {
  std::vector<Range> cut;
  for (const Range& free : free_) {
    Phys start = std::max(free.start, within.start), end = std::min(free.end, within.end);
    if (start > ~Phys{0} - align) continue;
    start = (start + align - 1) & ~(align - 1);
    if (start < end) cut.push_back({start, end});
  }
  return cut;
}

std::optional<Phys> Placement::highest(uint64_t bytes, Range within, uint64_t align) const {
  std::optional<Phys> best;
  for (const Range& range : usable(within, align))
    if (range.size() >= bytes) best = (range.end - bytes) & ~(align - 1);
  return best;
}

std::optional<Phys> Placement::lowest(uint64_t bytes, Range within, uint64_t align) const {
  for (const Range& range : usable(within, align))
    if (range.size() >= bytes) return range.start;
  return std::nullopt;
}

uint64_t Placement::largest(Range within) const {
  uint64_t bytes = 0;
  for (const Range& range : usable(within)) bytes = std::max(bytes, range.size());
  return bytes;
}

}  // namespace hawser
