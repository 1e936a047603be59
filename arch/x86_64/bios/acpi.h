// ACPI tables as the BIOS left them in memory (ACPI 6.5 §5.2).
#pragma once

#include <cstdint>
#include <string_view>

#include "src/base/bytes.h"

namespace hawser::bios::acpi {

inline constexpr uint64_t kHeaderBytes = 36;  ///< that all tables start with

/// The root pointer, 20 or 36 bytes; empty when there is none.
Bytes root_pointer();

/// The `index`th (from 0) table with this signature of 4 characters that the RSDT names, or that
/// the FADT does ("DSDT"), with its header. Empty when there is none, or its length is not sane.
Bytes find_table(std::string_view signature, unsigned index = 0);

}  // namespace hawser::bios::acpi
