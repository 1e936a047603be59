// The memory map for programs that run above us: without our memory. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "arch/x86_64/bios/low_block.h"
#include "arch/x86_64/bios/placement.h"

namespace hawser::bios {

/// `map` with RAM that lies in `hidden` (not empty) as reserved.
inline std::vector<E820Entry> hide(std::span<const E820Entry> map, Span hidden) {
  constexpr uint32_t kReserved = 2;
  std::vector<E820Entry> result;
  for (const E820Entry& entry : map) {
    uint64_t end = end_of(entry);
    uint64_t from = std::max(uint64_t{entry.start}, hidden.start), to = std::min(end, hidden.end);
    if (entry.type != kE820Ram || from >= to) {
      result.push_back(entry);
      continue;
    }
    if (from > entry.start) result.push_back({entry.start, from - entry.start, kE820Ram});
    result.push_back({from, to - from, kReserved});
    if (to < end) result.push_back({to, end - to, kE820Ram});
  }
  return result;
}

/// Where RAM that begins at `at` or below ends; `at` when there is none.
inline uint64_t end_of_ram(std::span<const E820Entry> map, uint64_t at) {
  for (bool moved = true; moved;) {
    moved = false;
    for (const E820Entry& entry : map) {
      uint64_t end = end_of(entry);
      if (entry.type != kE820Ram || entry.start > at || end <= at) continue;
      at = end;
      moved = true;
    }
  }
  return at;
}

/// INT 15h E801h: KiB from 1 MiB to 16 MiB, and pieces of 64 KiB from there to 4 GiB.
struct E801 {
  uint16_t kib, pieces;
};
inline E801 e801_of(std::span<const E820Entry> map) {
  constexpr uint64_t kSixteenMib = 16 * kMib, kFourGib = uint64_t{1} << 32;
  uint64_t end = std::min(end_of_ram(map, kMib), kFourGib);
  uint64_t low = std::min(end, kSixteenMib) - kMib;
  uint64_t high = end > kSixteenMib ? end - kSixteenMib : 0;
  return {uint16_t(low >> 10), uint16_t(high >> 16)};
}

}  // namespace hawser::bios
