// Programs that the firmware runs for us: LoadImage() and StartImage() (UEFI 2.10 §7.4), with what
// they want to find around them.
#pragma once

#include "arch/x86_64/uefi/efi.h"
#include "src/base/result.h"
#include "src/program.h"

namespace hawser::uefi {

/// Runs `program` until it returns. Its files are a file system on `device`, which is also where it
/// believes to come from; nullptr, or one that has a file system: on a device made up for it.
/// Errors: Access (Secure Boot refuses it), Io (the firmware cannot load it, or it reported an
/// error; the text has the status by name).
Status run_program(const Program& program, efi::Handle device);

}  // namespace hawser::uefi
