// Text formatting without printf: cat() joins anything printable, hex() and friends make pieces.
#pragma once

#include <concepts>
#include <optional>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/bytes.h"

namespace hawser {

/// Decimal text of an integer.
std::string decimal(uint64_t value);
std::string decimal(int64_t value);
/// Lower-case hex without prefix, padded with zeros to `width` digits.
std::string hex(uint64_t value, int width = 1);
/// Two lower-case digits a byte, `separator` between bytes.
std::string hex_bytes(Bytes bytes, std::string_view separator);
/// "512 B", "1.5 KiB", "64.0 MiB": binary units, one decimal above bytes.
std::string human_size(uint64_t bytes);

inline void append_piece(std::string& to, std::string_view piece) { to.append(piece); }
inline void append_piece(std::string& to, const char* piece) { to.append(piece); }
inline void append_piece(std::string& to, const std::string& piece) { to.append(piece); }
inline void append_piece(std::string& to, char piece) { to.push_back(piece); }
template <std::unsigned_integral T>
void append_piece(std::string& to, T value) {
  to.append(decimal(uint64_t{value}));
}
template <std::signed_integral T>
void append_piece(std::string& to, T value) {
  to.append(decimal(int64_t{value}));
}

/// Joins strings, characters and integers (decimal): cat("block ", 5, " of ", name).
template <class... Pieces>
std::string cat(const Pieces&... pieces) {
  std::string text;
  (append_piece(text, pieces), ...);
  return text;
}

/// Integer in decimal, 0x hexadecimal or 0 octal, as scripts write them (optional '-').
/// Nothing when any character is left over, when empty, or out of range.
std::optional<int64_t> parse_integer(std::string_view text);
/// Only decimal digits, at least one, no sign.
std::optional<uint64_t> parse_decimal(std::string_view text);

/// For text that comes from outside and goes to a console: control characters and bytes that are
/// not printable ASCII become '?', and anything past `limit` characters is cut with "...".
std::string printable(std::string_view text, size_t limit = 256);

}  // namespace hawser
