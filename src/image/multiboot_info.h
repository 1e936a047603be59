// The information structure that a Multiboot kernel finds in EBX (specification 0.6.96 §3.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/memory_map.h"

namespace hawser::multiboot {

struct Module {
  uint32_t start = 0, end = 0;
  std::string text;
};

/// Kernels exist that stop when they see more RAM entries than this.
inline constexpr size_t kMostRamEntries = 16;

/// Regions for the kernel's memory map: all, but of RAM at most the kMostRamEntries largest.
std::vector<MemoryRegion> regions_to_tell(const MemoryMap& memory);

/// The structure with everything it points at, for being placed at physical address `at`. Its size
/// does not depend on `at`.
std::vector<uint8_t> make_info(uint32_t at, const std::string& cmdline,
                               const std::vector<Module>& modules, const MemoryMap& memory);

}  // namespace hawser::multiboot
