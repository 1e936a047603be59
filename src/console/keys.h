// Keys as numbers: what a terminal sends for a function key becomes one code (docs/script.md).
#pragma once

#include <cstdint>
#include <optional>

#include "src/base/time.h"
#include "src/loop.h"

namespace hawser {

/// The sequence "ESC [ n X" is ((n + 1) << 8) | X, with n = 0 when absent; others are their byte.
namespace key {
inline constexpr uint32_t kCtrlA = 0x01, kCtrlC = 0x03, kCtrlD = 0x04, kBackspace = 0x08,
                          kTab = 0x09, kLineFeed = 0x0a, kEnter = 0x0d, kCtrlX = 0x18,
                          kEscape = 0x1b, kDelete = 0x7f, kUp = 0x141, kDown = 0x142,
                          kRight = 0x143, kLeft = 0x144, kEnd = 0x146, kHome = 0x148,
                          kBackTab = 0x15a, kInsert = 0x37e, kPageUp = 0x67e, kPageDown = 0x77e;
}

/// One key, or nothing when none came until `deadline`.
std::optional<uint32_t> read_key(Loop& loop, Millis deadline);

}  // namespace hawser
