// Memory that the firmware lends us, and its map. All of it goes back when we leave.
#pragma once

#include <vector>

#include "arch/x86_64/uefi/spare.h"
#include "src/base/result.h"
#include "src/memory_map.h"

namespace hawser::uefi {

/// The map as it is now. Errors: Device (with the firmware's status).
Result<std::vector<FirmwareRegion>> read_map();
/// What the firmware's own form of it takes; 0 when it does not tell.
uint64_t map_bytes();

/// Pages below `below` that return_all() gives back. 0 when there are none, or more than 64 pieces
/// are lent already. Not zeroed.
Phys borrow(uint64_t bytes, Phys below = kFourGib);
/// Exactly this range; false when it is not free.
bool borrow_at(Range range);
/// Gives everything back. The heap is part of it: nothing may be allocated, freed or used any more.
void return_all();

/// Lets the firmware have parts of what is borrowed for a while, those that are worth it.
void lend(const std::vector<Range>& parts);
/// Takes them back. Returns what the firmware has given to somebody else: it is ours no more.
std::vector<Range> take_back(const std::vector<Range>& parts);

/// Makes the heap, the first thing of all: a quarter of the largest free piece below 4 GiB, from 8
/// to 48 MiB. False: no memory.
bool make_heap();
/// Where it lies. All that drivers of ours let cards read and write is in there.
Range heap_range();

}  // namespace hawser::uefi
