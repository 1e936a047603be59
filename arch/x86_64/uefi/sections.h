// The sections of a loaded PE image: Microsoft PE/COFF specification, "Section Table". Pure.
#pragma once

#include <string_view>

#include "src/base/bytes.h"

namespace hawser::uefi {

/// The section of that name (at most 8 characters), as it lies in memory; empty if there is none, or
/// the headers are not sane. `image` is the whole image in memory, and what the result borrows from.
Bytes find_section(Bytes image, std::string_view name);

}  // namespace hawser::uefi
