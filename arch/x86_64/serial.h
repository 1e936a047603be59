// COM1, 115200 baud, 8 data bits, no parity; polled. 16550A: National Semiconductor PC16550D.
#pragma once

#include <optional>
#include <string_view>

namespace hawser::serial {

/// Finds out whether there is a UART, and sets it up.
void init();
/// Sends; "\n" goes out as "\r\n". Gives up for good on a UART that does not send for 50 ms.
void put(std::string_view text);
/// A byte that arrived, or nothing. Never waits.
std::optional<char> get();
/// True once a byte has arrived: somebody sits at a terminal there.
bool has_answered();
/// Waits until everything has left the UART, at most 20 ms.
void flush();

}  // namespace hawser::serial
