// What the BIOS left in memory: SMBIOS and ACPI tables. The parsers are pure: they get the memory
// that they may look at.
#pragma once

#include <cstdint>
#include <optional>

#include "src/base/bytes.h"
#include "src/platform.h"

namespace hawser {

/// Where an SMBIOS structure table lies.
struct SmbiosEntry {
  uint64_t address = 0;
  uint32_t bytes = 0;
  uint16_t version = 0;  ///< major << 8 | minor
};
/// Looks for an entry point (DMTF DSP0134 3.6 §5.2) on 16-byte boundaries; the 64-bit form wins.
std::optional<SmbiosEntry> find_smbios(Bytes memory);

/// Looks for the ACPI root pointer (ACPI 6.5 §5.2.5.3) on 16-byte boundaries: its 20 bytes, or 36
/// from revision 2 on. Empty if there is none.
Bytes find_rsdp(Bytes memory);
/// The address of the RSDT that it names.
std::optional<uint32_t> find_rsdt(Bytes memory);

/// Sleep types for \_S5 (soft off), as written to PM1a_CNT and PM1b_CNT.
struct SoftOff {
  uint8_t a = 0, b = 0;
};
/// Finds "Name (_S5_, Package (..) {a, b, ..})" in the byte code of a DSDT (ACPI 6.5 §7.4.2,
/// §20.2).
std::optional<SoftOff> find_soft_off(Bytes dsdt);

}  // namespace hawser
