// The firmware's console: Simple Text Output and Input (UEFI 2.10 §12), which covers the screen
// and, where the firmware is told to, the serial line. COM1 is driven directly when it is not.
#pragma once

#include <optional>
#include <string_view>

namespace hawser::uefi::console {

void init();
/// Everywhere. "\n" starts a new line; "\r" and "\b" move the cursor; ANSI sequences (SGR, cursor)
/// are carried out with the firmware's calls.
void put(std::string_view text);
/// From a timer, while anything else of this program may be under way: past a call of the console's
/// own that does not return.
void interrupt_with(const char* text);
/// As Platform's methods of these names.
void put_screen(std::string_view text);
void put_log(std::string_view text);
unsigned screens();
std::optional<char> key();
/// Colours and cursor as the firmware likes them, for whoever comes next.
void leave();

}  // namespace hawser::uefi::console
