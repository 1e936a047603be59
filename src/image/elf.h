// Executable ELF files for x86, 32 and 64 bits: what goes where, and where they start.
// System V ABI, "Object Files" and "Program Loading".
#pragma once

#include <cstdint>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/memory_map.h"

namespace hawser::elf {

struct LoadSegment {
  Phys to = 0;                   ///< p_paddr
  uint64_t virtual_address = 0;  ///< p_vaddr
  Bytes from;                    ///< borrowed from the file
  uint64_t memory_bytes = 0;     ///< p_memsz: at least from.size()
};

struct Program {
  std::vector<LoadSegment> segments;  ///< PT_LOAD with memory, in file order
  Phys entry = 0;                     ///< physical: a virtual e_entry is translated
};

bool is_elf(Bytes file);

/// Errors: Unsupported (not little-endian x86), Invalid (truncated, a segment outside the file, no
/// segment, the entry lies in none), Range (addresses that wrap).
Result<Program> read(Bytes file);

}  // namespace hawser::elf
