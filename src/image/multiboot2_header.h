// The header of a Multiboot2 kernel (specification 2.0 §3.1).
#pragma once

#include <cstdint>
#include <optional>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::multiboot2 {

/// Where a kernel that can run elsewhere may be loaded (§3.1.12).
struct Relocatable {
  uint64_t min = 0, max = 0;  ///< of the first and last byte
  uint64_t align = 1;         ///< a power of 2
  enum Preference : uint32_t { None = 0, Lowest = 1, Highest = 2 };
  uint32_t preference = None;
};

struct Addresses {  ///< §3.1.5
  uint32_t header = 0, load = 0, load_end = 0, bss_end = 0;
};

struct Header {
  uint64_t at = 0;  ///< offset in the file
  std::optional<Addresses> addresses;
  std::optional<uint32_t> entry, efi64_entry;
  std::optional<Relocatable> relocatable;
  bool boot_services = false;  ///< can do with them running
  bool wants_sections = false;
};

/// Offset of the header, if there is one.
std::optional<uint64_t> find_header(Bytes file);

/// Errors: Invalid (truncated or malformed), Unsupported (another processor; a demand that cannot
/// be met, by name or number).
Result<Header> read_header(Bytes file);

}  // namespace hawser::multiboot2
