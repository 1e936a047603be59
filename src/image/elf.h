// Executable ELF files for x86, 32 and 64 bits: what goes where, and where they start.
// System V ABI, "Object Files" and "Program Loading".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
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
  bool can_move = false;  ///< it relocates itself: ET_DYN, or relocations are loaded with it
};

bool is_elf(Bytes file);

/// Errors: Unsupported (not little-endian x86), Invalid (truncated, a segment outside the file, no
/// segment, the entry lies in none), Range (addresses that wrap).
Result<Program> read(Bytes file);

/// Puts the segments in the order of their p_paddr.
void sort_by_address(Program& program);

/// The physical address of a virtual one. Errors: Invalid (it lies in no segment).
Result<Phys> physical(const Program& program, uint64_t virtual_address);

/// The value of a symbol of an ELF64 file: a virtual address. Nothing when no table of symbols has
/// it, or when the tables are damaged.
std::optional<uint64_t> symbol(Bytes file, std::string_view name);

/// The section headers, as debuggers and Multiboot kernels want them.
struct Sections {
  std::vector<uint8_t> headers;  ///< as in the file
  uint32_t count = 0, row_bytes = 0;
  uint32_t names_row = 0;  ///< of the section with the sections' names
  bool wide = false;       ///< ELF64
  struct Part {
    uint32_t row = 0;
    uint32_t type = 0;  ///< kSymbols or kStrings
    Bytes data;         ///< borrowed from the file
  };
  static constexpr uint32_t kSymbols = 2, kStrings = 3;
  std::vector<Part> unloaded;  ///< symbols and strings that no segment loads; not empty

  /// Sets the address that section `row` has in memory.
  void set_address(uint32_t row, Phys address);
};

/// Nothing when the file has no sections, or a table of them that is damaged.
std::optional<Sections> sections(Bytes file);

}  // namespace hawser::elf
