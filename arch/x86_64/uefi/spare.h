// The firmware's memory map, and what of it to take. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "arch/x86_64/uefi/efi.h"
#include "src/base/bytes.h"
#include "src/memory_map.h"

namespace hawser::uefi {

inline constexpr Phys kFourGib = uint64_t{1} << 32;

/// One region of the firmware's map.
struct FirmwareRegion {
  Range range;
  efi::MemoryKind kind = efi::MemoryKind::Reserved;
};

/// What an operating system is told of a region (UEFI 2.10 §7.2.3, after ExitBootServices).
MemoryType type_for_kernel(efi::MemoryKind kind);
/// The same map as kernels are told it.
std::vector<MemoryRegion> for_kernel(const std::vector<FirmwareRegion>& map);
/// Which of the firmware's free memory to take for images: most of what lies above 1 MiB in pieces
/// worth it, whole pages. The firmware keeps a quarter of the largest piece below 4 GiB (16 to 128
/// MiB of it) to load programs into and to work with.
std::vector<Range> choose_spare(const std::vector<FirmwareRegion>& map);
/// What GetMemoryMap() wrote, by address. Entries lie `step` bytes apart.
std::vector<FirmwareRegion> parse_map(Bytes map, uint64_t step);

}  // namespace hawser::uefi
