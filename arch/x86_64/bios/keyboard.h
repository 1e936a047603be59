// The BIOS keyboard (INT 16h), asked as seldom as possible: a visit to real mode is slow.
#pragma once

#include <cstdint>
#include <optional>

namespace hawser::bios::keyboard {

/// Next byte typed, or nothing. Cursor and function keys come as the sequences of a terminal
/// ("\x1b[A"). Visits the BIOS when the keyboard controller has something, when the BIOS has keys
/// waiting, and every 50 ms for the sake of USB keyboards that the BIOS polls on its timer.
std::optional<char> get(uint64_t now_us);

}  // namespace hawser::bios::keyboard
