// PXE network boot programs (PXE 2.1 §4.4): bare code for 0000:7C00, without any magic number.
#pragma once

#include "src/base/bytes.h"

namespace hawser::boot_program {

/// Whether it can be worth a try to run a file that is nothing else: it fits base memory, begins as
/// code does, and is neither text nor an archive. Not a row of image formats, as initrds would be
/// taken for programs.
bool probe(Bytes file);

}  // namespace hawser::boot_program
