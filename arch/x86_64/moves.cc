// Order of moves at hand-over: see moves.h.
#include "arch/x86_64/moves.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "src/base/format.h"

namespace hawser::moves {
namespace {

Range source(const Placement& p) { return {p.from, p.from + p.bytes}; }
Range destination(const Placement& p) { return {p.to, p.to + p.memory_bytes}; }

Move move_of(const Placement& p) { return {p.to, p.from, p.bytes, p.memory_bytes - p.bytes}; }

/// True when `p` still has to read something that the destination of `other` covers.
bool blocks(const Placement& p, const Placement& other) {
  return p.bytes && destination(other).overlaps(source(p));
}

/// A segment whose destination holds nothing that another still has to read.
std::optional<size_t> find_ready(const std::vector<Placement>& waiting) {
  for (size_t i = 0; i < waiting.size(); ++i) {
    bool ready = true;
    for (size_t k = 0; k < waiting.size() && ready; ++k)
      ready = k == i || !blocks(waiting[k], waiting[i]);
    if (ready) return i;
  }
  return std::nullopt;
}

/// The smallest segment that keeps another from being placed; there is one.
Placement& smallest_blocker(std::vector<Placement>& waiting) {
  Placement* smallest = nullptr;
  for (Placement& p : waiting) {
    bool in_the_way = std::ranges::any_of(
        waiting, [&](const Placement& other) { return &other != &p && blocks(p, other); });
    if (in_the_way && (!smallest || p.bytes < smallest->bytes)) smallest = &p;
  }
  return *smallest;
}

/// Room for `bytes` in `free` that overlaps none of `used`.
std::optional<Phys> find_hole(uint64_t bytes, const std::vector<Range>& free,
                              const std::vector<Range>& used) {
  for (const Range& hole : free) {
    Phys at = hole.start;
    for (bool moved = true; moved && at < hole.end && bytes <= hole.end - at;) {
      moved = false;
      for (const Range& range : used) {
        if (range.size() && range.overlaps({at, at + bytes})) {
          at = std::max(at, range.end);
          moved = true;
        }
      }
    }
    if (at < hole.end && bytes <= hole.end - at) return at;
  }
  return std::nullopt;
}

std::string describe(const Segment& segment) {
  return cat(segment.what, " at 0x", hex(segment.to), " to 0x",
             hex(segment.to + segment.memory_bytes));
}

}  // namespace

Result<std::vector<Move>> schedule_moves(std::vector<Placement> segments,
                                         const std::vector<Range>& free) {
  std::vector<Range> used;
  for (const Placement& p : segments) {
    used.push_back(source(p));
    used.push_back(destination(p));
  }
  std::vector<Move> moves;
  while (!segments.empty()) {
    if (std::optional<size_t> ready = find_ready(segments)) {
      moves.push_back(move_of(segments[*ready]));
      segments.erase(segments.begin() + ptrdiff_t(*ready));
      continue;
    }
    // A circle. What is moved aside blocks nothing any more, so this ends.
    Placement& aside = smallest_blocker(segments);
    std::optional<Phys> hole = find_hole(aside.bytes, free, used);
    if (!hole)
      return Error{Errc::NoSpace, cat("no free memory to put ", human_size(aside.bytes),
                                      " aside while moving images into place")};
    moves.push_back({*hole, aside.from, aside.bytes, 0});
    used.push_back({*hole, *hole + aside.bytes});
    aside.from = *hole;
  }
  return moves;
}

Status check_destinations(const LoadPlan& plan, const MemoryMap& memory,
                          const std::vector<Range>& own) {
  for (size_t i = 0; i < plan.segments.size(); ++i) {
    const Segment& segment = plan.segments[i];
    if (segment.memory_bytes < segment.from.size() || segment.memory_bytes > ~segment.to)
      return Error{Errc::Range, cat(segment.what, ": size is out of range")};
    if (!segment.memory_bytes) continue;
    Range range{segment.to, segment.to + segment.memory_bytes};
    for (const Range& mine : own)
      if (range.overlaps(mine))
        return Error{Errc::Range, cat(describe(segment), " overlaps Hawser's own memory at 0x",
                                      hex(mine.start), " to 0x", hex(mine.end))};
    if (!memory.is_ram(range))
      return Error{Errc::Range, cat(describe(segment), " is not all usable memory")};
    for (size_t k = 0; k < i; ++k) {
      const Segment& other = plan.segments[k];
      if (other.memory_bytes && range.overlaps({other.to, other.to + other.memory_bytes}))
        return Error{Errc::Range, cat(describe(segment), " overlaps ", describe(other))};
    }
  }
  return ok_status();
}

}  // namespace hawser::moves
