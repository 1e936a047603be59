// Linux kernels and everything else shaped like one, started through the 16-bit entry.
// Documentation/arch/x86/boot.rst of Linux, boot protocol 2.00 to 2.15.
#pragma once

#include "src/image/image.h"

namespace hawser::bzimage {

bool probe(Bytes file);

/// Real-mode part at segment 1000h (9000h for old kernels), the kernel at 1 MiB (64 KiB for a
/// zImage), initrds where they are if the kernel can use them there, else as high as it allows.
/// Errors: Invalid (truncated or contradicting file), Range (command line too long, a part too
/// large), NoSpace (no RAM where the kernel must go or for the initrds).
Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine);

}  // namespace hawser::bzimage
