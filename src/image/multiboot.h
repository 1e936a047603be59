// Multiboot Specification 0.6.96: ELF and address-field kernels, modules, memory map.
#pragma once

#include "src/image/image.h"

namespace hawser::multiboot {

bool probe(Bytes file);

/// Address fields, if the header has them, win over ELF headers. Modules stay where they are
/// unless the kernel needs that memory.
/// Errors: Invalid (truncated or contradicting file), Unsupported (asks for a video mode or
/// something unknown; no ELF file for this CPU), Range (wants memory that is not there or in use),
/// NoSpace.
/// A kernel that has both headers is started by this one under a BIOS, where the second adds
/// nothing but ACPI's root pointer; by the second under UEFI, where only that one can keep boot
/// services, and where this one finds no room for the kernel, which the second may be allowed to
/// move.
Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine);

}  // namespace hawser::multiboot
