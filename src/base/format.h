// Text formatting without printf: cat() joins anything printable, hex() and friends make pieces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

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

namespace cat_detail {

/// What a piece is, and so what join() is given of it: four bits of its `kinds`, the first piece in
/// the lowest.
enum Kind : uint64_t {
  kNone,
  kLiteral,   ///< const char*
  kString,    ///< const std::string*
  kView,      ///< const std::string_view*
  kChar,      ///< int
  kUnsigned,  ///< uint64_t
  kSigned,    ///< int64_t
};

template <class T>
constexpr uint64_t kind_of() {
  if (std::is_same_v<T, std::string>) return kString;
  if (std::is_same_v<T, std::string_view>) return kView;
  if (std::is_same_v<T, char>) return kChar;
  if (std::is_integral_v<T>) return std::is_signed_v<T> ? kSigned : kUnsigned;
  return kLiteral;
}

template <class T>
auto argument(const T& piece) {
  if constexpr (kind_of<T>() == kChar) return int{piece};
  else if constexpr (kind_of<T>() == kUnsigned) return uint64_t{piece};
  else if constexpr (kind_of<T>() == kSigned) return int64_t{piece};
  else if constexpr (kind_of<T>() == kLiteral) return static_cast<const char*>(piece);
  else return &piece;
}

std::string join(uint64_t kinds, ...);

}  // namespace cat_detail

/// Joins strings, characters and integers (decimal): cat("block ", 5, " of ", name). At most 16.
template <class... Pieces>
std::string cat(const Pieces&... pieces) {
  static_assert(sizeof...(pieces) <= 16);
  uint64_t kinds = 0;
  int at = 0;
  ((kinds |= cat_detail::kind_of<Pieces>() << 4 * at++), ...);
  return cat_detail::join(kinds, cat_detail::argument(pieces)...);
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
