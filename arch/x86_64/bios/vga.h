// The VGA text screen, written directly: INT 10h would echo to a BIOS's own serial console.
#pragma once

#include <string_view>

namespace hawser::bios::vga {

/// Looks for a screen in text mode; sets mode 3 once if a VGA is in another mode.
void init();
/// Writes at the cursor; understands CR, LF, BS and TAB, and skips escape sequences except the ones
/// that clear (ESC [ J, ESC [ K), move the cursor (ESC [ row ; column H, ESC [ C, ESC [ D) or set
/// one of 8 colours and bold (ESC [ ... m).
void put(std::string_view text);

}  // namespace hawser::bios::vga
