// Leaving for a kernel that does without the firmware, or with it (UEFI 2.10 §7.4.6).
#pragma once

#include "src/load_plan.h"
#include "src/memory_map.h"

namespace hawser::uefi {

/// `memory` is the platform's: what no claim covers is borrowed from the firmware, images lie
/// there. Errors: Access (Secure Boot is on), Range (a destination is no RAM, not ours while boot
/// services go on, or above 4 GiB), Unsupported (real mode), NoSpace (nowhere to put things aside),
/// Device (no memory map).
Status check_plan(const LoadPlan& plan, const MemoryMap& memory);

/// Carries out a plan that passed check_plan(). Restarts the machine if the firmware does not go.
[[noreturn]] void carry_out(const LoadPlan& plan, const MemoryMap& memory);

}  // namespace hawser::uefi
