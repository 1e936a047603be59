// PXE network boot programs (PXE 2.1 §4.4): bare code for 0000:7C00, without any magic number.
#pragma once

#include <string_view>

#include "src/base/bytes.h"

namespace hawser::boot_program {

/// Whether it can be worth a try to run a file that is nothing else: it fits base memory, begins as
/// code does, and is neither text, noise (compressed, encrypted) nor something with a name(). Not a
/// row of image formats, as initrds would be taken for programs.
bool probe(Bytes file);

/// What a file is that might begin as a program does, by its magic number: "a ZIP archive". Empty:
/// none of those.
std::string_view name(Bytes file);

/// Begins as no program does, but as random bytes: compressed or encrypted.
bool is_noise(Bytes file);

}  // namespace hawser::boot_program
