#include "src/memory_map.h"

#include <algorithm>
#include <array>

#include "src/base/sort.h"

namespace hawser {
namespace {

/// Types in order of who wins where two overlap. What an operating system may take for itself
/// loses against what it may not.
constexpr std::array kByRank = {MemoryType::Ram, MemoryType::AcpiReclaimable, MemoryType::AcpiNvs,
                                MemoryType::Reserved, MemoryType::Bad};

size_t rank_of(MemoryType type) {
  for (size_t rank = 0; rank < kByRank.size(); ++rank)
    if (kByRank[rank] == type) return rank;
  return rank_of(MemoryType::Reserved);  // types of later specifications: hands off
}

/// A point where a region begins (+1) or ends (-1).
struct Edge {
  Phys at;
  size_t rank;
  int change;
};

std::vector<Edge> edges_of(const std::vector<MemoryRegion>& reported) {
  std::vector<Edge> edges;
  for (const MemoryRegion& region : reported) {
    auto [start, end] = region.range;
    size_t rank = rank_of(region.type);
    // Start plus length wrapped in firmware's arithmetic: believe the bad news only.
    if (end < start && region.type != MemoryType::Ram) end = ~Phys{0};
    if (end <= start) continue;
    edges.push_back({start, rank, +1});
    edges.push_back({end, rank, -1});
  }
  sort(edges, [](const Edge& a, const Edge& b) { return a.at < b.at; });
  return edges;
}

}  // namespace

MemoryMap::MemoryMap(const std::vector<MemoryRegion>& reported) {
  std::vector<Edge> edges = edges_of(reported);
  std::array<int, kByRank.size()> open{};
  for (size_t i = 0; i < edges.size(); ++i) {
    open[edges[i].rank] += edges[i].change;
    if (i + 1 == edges.size() || edges[i + 1].at == edges[i].at) continue;
    size_t rank = kByRank.size();
    while (rank > 0 && open[rank - 1] == 0) --rank;
    if (rank == 0) continue;  // a hole
    MemoryType type = kByRank[rank - 1];
    Range range{edges[i].at, edges[i + 1].at};
    if (!regions_.empty() && regions_.back().type == type &&
        regions_.back().range.end == range.start) {
      regions_.back().range.end = range.end;
    } else {
      regions_.push_back({range, type});
    }
  }
}

void MemoryMap::claim(Range range) {
  if (range.end > range.start) claims_.push_back(range);
}

std::vector<Range> MemoryMap::free_ranges() const {
  std::vector<Range> claims = claims_;
  sort(claims, [](const Range& a, const Range& b) { return a.start < b.start; });
  std::vector<Range> free;
  for (const MemoryRegion& region : regions_) {
    if (region.type != MemoryType::Ram) continue;
    Phys at = region.range.start;
    for (const Range& claim : claims) {
      if (claim.end <= at || claim.start >= region.range.end) continue;
      if (claim.start > at) free.push_back({at, claim.start});
      at = claim.end;
      if (at >= region.range.end) break;
    }
    if (at < region.range.end) free.push_back({at, region.range.end});
  }
  return free;
}

bool MemoryMap::is_ram(Range range) const {
  if (range.end < range.start) return false;
  return std::ranges::any_of(regions_, [&](const MemoryRegion& region) {
    return region.type == MemoryType::Ram && region.range.contains(range);
  });
}

bool MemoryMap::is_free(Range range) const {
  return is_ram(range) &&
         std::ranges::none_of(claims_, [&](const Range& claim) { return claim.overlaps(range); });
}

uint64_t MemoryMap::ram_bytes() const {
  uint64_t bytes = 0;
  for (const MemoryRegion& region : regions_)
    if (region.type == MemoryType::Ram) bytes += region.range.size();
  return bytes;
}

}  // namespace hawser
