// The information structure that a Multiboot kernel finds in EBX (specification 0.6.96 §3.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/image/multiboot_parts.h"

namespace hawser::multiboot {

/// The structure with everything it points at, for being placed at physical address `at`. Its size
/// does not depend on `at`.
std::vector<uint8_t> make_info(uint32_t at, const std::string& cmdline,
                               const std::vector<Module>& modules, const MemoryMap& memory);

}  // namespace hawser::multiboot
