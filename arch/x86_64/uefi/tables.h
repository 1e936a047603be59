// SMBIOS and ACPI tables as the firmware's configuration tables name them (UEFI 2.10 §4.6).
#pragma once

#include <string_view>

#include "src/platform.h"

namespace hawser::uefi {

Platform::Smbios find_smbios_table();
/// As Platform::acpi_table().
Bytes find_acpi_table(std::string_view signature, unsigned index);

/// RSDP: 36 bytes of ACPI 2.0 and later, 20 of ACPI 1.0; empty without ACPI.
Bytes acpi_root_pointer();

}  // namespace hawser::uefi
