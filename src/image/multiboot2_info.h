// The information structure that a Multiboot2 kernel finds in EBX (specification 2.0 §3.6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/image/elf.h"
#include "src/image/multiboot_parts.h"

namespace hawser::multiboot2 {

/// What the kernel is told.
struct Facts {
  std::string cmdline;
  std::vector<multiboot::Module> modules;
  const MemoryMap* memory = nullptr;  ///< nullptr: not told, since boot services manage memory
  std::optional<uint32_t> load_base;  ///< of a kernel that can be relocated
  std::optional<elf::Sections> sections;
  Firmware firmware;
  bool boot_services = false;  ///< they go on
};

/// The structure, for any place: it holds no address of its own. Where UEFI firmware is about to
/// end its boot services, it has room for the memory map that is left then.
std::vector<uint8_t> make_info(const Facts& facts);

/// Puts that map into the structure, as the tag behind the others: as many of its rows as there is
/// room for. A FinalMap's function.
void put_final_map(MutBytes info, const LeftBehind& left);

}  // namespace hawser::multiboot2
