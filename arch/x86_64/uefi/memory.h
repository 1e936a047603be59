// Memory that the firmware lends us, and its map. All of it goes back when we leave.
#pragma once

#include <cstdint>
#include <vector>

#include "arch/x86_64/uefi/efi.h"
#include "src/base/result.h"
#include "src/memory_map.h"

namespace hawser::uefi {

inline constexpr Phys kFourGib = uint64_t{1} << 32;

/// One region of the firmware's map.
struct FirmwareRegion {
  Range range;
  efi::MemoryKind kind = efi::MemoryKind::Reserved;
};

// --- pure
// ---------------------------------------------------------------------------------------------

/// What an operating system is told of a region (UEFI 2.10 §7.2.3, after ExitBootServices).
MemoryType type_for_kernel(efi::MemoryKind kind);
/// The same map as kernels are told it.
std::vector<MemoryRegion> for_kernel(const std::vector<FirmwareRegion>& map);
/// Which of the firmware's free memory to take for images: most of what lies above 1 MiB in pieces
/// worth it, whole pages. The firmware keeps a quarter of the largest piece below 4 GiB (16 to 128
/// MiB of it) to load programs into and to work with.
std::vector<Range> choose_spare(const std::vector<FirmwareRegion>& map);

// --- asking the firmware
// ------------------------------------------------------------------------------

/// The map as it is now. Errors: Device (with the firmware's status).
Result<std::vector<FirmwareRegion>> read_map();

/// Pages below `below` that return_all() gives back. 0 when there are none, or more than 64 pieces
/// are lent already. Not zeroed.
Phys borrow(uint64_t bytes, Phys below = kFourGib);
/// Exactly this range; false when it is not free.
bool borrow_at(Range range);
/// Gives everything back. The heap is part of it: nothing may be allocated, freed or used any more.
void return_all();

/// Makes the heap, the first thing of all: a quarter of the largest free piece below 4 GiB, from 8
/// to 48 MiB. False: no memory.
bool make_heap();

}  // namespace hawser::uefi
