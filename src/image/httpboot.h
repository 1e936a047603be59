// ELF64 kernels for x86-64 with a symbol `httpboot_entry`: AxVisor's form for boards whose loader
// fetches it over HTTP. The kernel is entered when the firmware has just gone, and is told of free
// memory alone.
#pragma once

#include "src/image/image.h"

namespace hawser::httpboot {

/// Where such a kernel starts, by the System V ABI; its argument is the address of the block.
inline constexpr std::string_view kEntrySymbol = "httpboot_entry";

/// The block, little-endian: magic (64 bits), version and number of regions (32 each), then 32
/// regions, each a start and a size (64 each). The other regions are zero.
inline constexpr uint64_t kMagic = 0x4f53544f4f4c4249;
inline constexpr uint32_t kVersion = 1;
inline constexpr size_t kRegionsAt = 16, kRegionBytes = 16, kMostRegions = 32;
inline constexpr size_t kBlockBytes = kRegionsAt + kMostRegions * kRegionBytes;

bool probe(Bytes file);

/// Everything goes to its p_paddr. A segment may lie in the zeros of another.
/// Errors: as elf::read(); Unsupported (no UEFI firmware; modules or arguments, which the kernel
/// has no way to see), Invalid (segments overlap, the entry lies in none), Range (not RAM),
/// NoSpace.
Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine);

/// Fills the block: free RAM, without what the block lists before, which is what the kernel and the
/// block themselves take. A FinalMap's function.
void put_regions(MutBytes block, const LeftBehind& left);

}  // namespace hawser::httpboot
