// Page tables: an identity map of all memory, with attributes that can be set page by page.
// Intel SDM volume 3A, chapter 4 (4-level paging).
#pragma once

#include <cstdint>

#include "src/base/bytes.h"
#include "src/memory_map.h"

namespace hawser::paging {

inline constexpr uint64_t kPageBytes = 4096;

enum Attributes : uint64_t {
  kNone = 0,  ///< not present
  kPresent = 1u << 0,
  kWrite = 1u << 1,
  kUncached = 3u << 3,             ///< PWT and PCD
  kNoExecute = uint64_t{1} << 63,  ///< dropped on CPUs without NX
  kData = kPresent | kWrite | kNoExecute,
  kConstant = kPresent | kNoExecute,
  kCode = kPresent,
};

/// Bytes of table memory that init() needs to map `limit` bytes and later changes may use.
uint64_t table_bytes(uint64_t limit);

/// Builds the map in `tables` (page-aligned, below 4 GiB, owned for good): everything up to `limit`
/// (and at least 4 GiB) as data. Nothing is switched yet: the caller loads root() into CR3.
void init(MutBytes tables, uint64_t limit);
uint64_t root();
/// EFER bits that the map needs: LME, and NXE where the CPU has it.
uint32_t efer();

/// Gives a page-aligned range other attributes; both must be multiples of 4096. Takes effect at
/// once. False when the table memory is used up.
bool protect(Phys at, uint64_t bytes, uint64_t attributes);
/// Maps one page of physical memory at another address.
bool alias(uint64_t address, Phys page, uint64_t attributes);

/// Makes device registers accessible, uncached. nullptr when the table memory is used up. Harmless
/// to repeat.
uint8_t* map_mmio(Phys at, uint64_t bytes);

}  // namespace hawser::paging
