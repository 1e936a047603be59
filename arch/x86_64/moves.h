// The order in which the segments of a load plan are put into place, so that no copy destroys what
// another has yet to read. Pure: host-tested.
#pragma once

#include <vector>

#include "src/load_plan.h"
#include "src/memory_map.h"

namespace hawser::moves {

/// Copies `bytes` from `from` to `to` (which may overlap), then zeroes `zero_bytes` behind them.
struct Move {
  Phys to = 0;
  Phys from = 0;
  uint64_t bytes = 0;
  uint64_t zero_bytes = 0;
};

/// One segment, as numbers.
struct Placement {
  Phys to = 0;
  Phys from = 0;
  uint64_t bytes = 0;
  uint64_t memory_bytes = 0;  ///< at least `bytes`
};

/// Segments may overlap in every way except destination with destination. When they chase each
/// other in a circle, one is moved aside into `free` memory first. Errors: NoSpace, when that is
/// needed and no piece of `free` that nothing else uses is large enough.
Result<std::vector<Move>> schedule_moves(std::vector<Placement> segments,
                                         const std::vector<Range>& free);

/// Checks that every destination is RAM, clear of `own` (Hawser's memory) and of the others.
/// Errors: Range, naming the segment and what it collides with.
Status check_destinations(const LoadPlan& plan, const MemoryMap& memory,
                          const std::vector<Range>& own);

}  // namespace hawser::moves
