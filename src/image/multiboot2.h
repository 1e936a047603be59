// Multiboot2 Specification 2.0: tagged headers, relocatable kernels, kernels that want UEFI.
#pragma once

#include "src/image/image.h"

namespace hawser::multiboot2 {

bool probe(Bytes file);

/// Under UEFI, a kernel whose header has an entry for it and can do with boot services running is
/// entered so (EfiEntry), every other in 32-bit protected mode.
/// As Multiboot 1: address fields win over ELF headers, modules stay where they are unless the
/// kernel needs that memory, and command lines begin with where the file came from.
/// Errors: Invalid (truncated or contradicting file), Unsupported (demands something that cannot be
/// given; the text names it), Range (wants memory that is not there or in use), NoSpace.
Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine);

}  // namespace hawser::multiboot2
