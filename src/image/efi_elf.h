// Kernels that UEFI firmware could start, but for their format: ELF64 files for x86-64 with a
// symbol that says where an EFI program would start. AxVisor is one.
#pragma once

#include "src/image/image.h"

namespace hawser::efi_elf {

/// Where such a kernel starts, as any EFI program does: image handle, system table.
inline constexpr std::string_view kEntrySymbol = "__x86_64_efi_pe_entry";

bool probe(Bytes file);

/// A program whose head makes the firmware load each segment to its p_paddr; where that is not free
/// and the file may be moved (ET_DYN), all of it elsewhere, and the kernel relocates itself.
/// Errors: as elf::read(); Unsupported (a segment does not start on a page, there are too many or
/// too large ones), Invalid (segments overlap, the entry lies in none).
Result<Program> prepare(const Image& image, const std::vector<const Image*>& others);

}  // namespace hawser::efi_elf
