// Where the agent lives: at the top of the largest free piece of RAM below 4 GiB, so that kernels,
// which want low addresses, never collide with it. Pure, and free of allocation: the unpacker runs
// it before there is a heap.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "arch/x86_64/bios/low_block.h"

namespace hawser::bios {

/// Half-open range of physical addresses that the agent must stay clear of.
struct Span {
  uint64_t start = 0;
  uint64_t end = 0;
};

inline constexpr uint64_t kMib = 1024 * 1024;
inline constexpr uint64_t kSmallestHeap = 8 * kMib;
inline constexpr uint64_t kLargestHeap = 48 * kMib;
inline constexpr uint32_t kE820Ram = 1;

/// Half-open, and no later than the last address. Fields are copied, as the entry is packed.
inline uint64_t end_of(const E820Entry& entry) {
  uint64_t start = entry.start, bytes = entry.bytes;
  return start + std::min(bytes, ~start);
}

/// End of the free piece that starts at `at` (a lower bound moves past what covers it); both ends
/// lie within `limit`. Returns an empty piece at `limit` when nothing is left.
inline Span next_free(uint64_t at, uint64_t limit, std::span<const E820Entry> map,
                      std::span<const Span> avoid) {
  uint64_t end = limit;
  auto step_over = [&](uint64_t from, uint64_t to, bool& moved) {
    if (from >= to) return;
    if (at >= from && at < to) {
      at = to;
      moved = true;
    }
  };
  for (bool moved = true; moved && at < limit;) {
    moved = false;
    for (const E820Entry& e : map)
      if (e.type != kE820Ram) step_over(e.start, end_of(e), moved);
    for (const Span& s : avoid) step_over(s.start, s.end, moved);
  }
  if (at >= limit) return {limit, limit};
  for (const E820Entry& e : map)
    if (e.type != kE820Ram && e.bytes && e.start > at) end = std::min(end, uint64_t{e.start});
  for (const Span& s : avoid)
    if (s.end > s.start && s.start > at) end = std::min(end, s.start);
  return {at, end};
}

/// The agent's memory: `image_bytes` and a quarter of the piece of RAM it lies in for the heap, at
/// least 8 MiB and at most 48 MiB, page-aligned. Nothing when no piece is large enough.
inline std::optional<Span> choose_placement(std::span<const E820Entry> map,
                                            std::span<const Span> avoid, uint64_t image_bytes) {
  Span best;
  for (const E820Entry& e : map) {
    if (e.type != kE820Ram) continue;
    uint64_t limit = std::min(end_of(e), uint64_t{1} << 32);
    for (uint64_t at = std::max(uint64_t{e.start}, kMib); at < limit;) {
      Span piece = next_free(at, limit, map, avoid);
      at = std::max(piece.end, at + 1);
      piece.start = (piece.start + 4095) & ~uint64_t{4095};
      piece.end &= ~uint64_t{4095};
      if (piece.start >= piece.end) continue;
      uint64_t bytes = piece.end - piece.start;
      if (bytes > best.end - best.start) best = piece;
    }
  }
  uint64_t room = best.end - best.start;
  uint64_t heap = std::clamp(room / 4, kSmallestHeap, kLargestHeap);
  uint64_t need = ((image_bytes + 4095) & ~uint64_t{4095}) + (heap & ~uint64_t{4095});
  if (need > room) return std::nullopt;
  return Span{best.end - need, best.end};
}

}  // namespace hawser::bios
