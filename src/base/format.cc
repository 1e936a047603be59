#include "src/base/format.h"

#include <charconv>
#include <cstdarg>
#include <limits>

namespace hawser {

std::string decimal(uint64_t value) {
  char text[24];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string decimal(int64_t value) {
  char text[24];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string cat_detail::join(uint64_t kinds, ...) {
  std::string text;
  va_list pieces;
  va_start(pieces, kinds);
  for (; kinds; kinds >>= 4) {
    switch (kinds & 0xf) {
      case kLiteral:
        text.append(va_arg(pieces, const char*));
        break;
      case kString:
        text.append(*va_arg(pieces, const std::string*));
        break;
      case kView:
        text.append(*va_arg(pieces, const std::string_view*));
        break;
      case kChar:
        text.push_back(char(va_arg(pieces, int)));
        break;
      case kUnsigned:
        text.append(decimal(va_arg(pieces, uint64_t)));
        break;
      case kSigned:
        text.append(decimal(va_arg(pieces, int64_t)));
        break;
    }
  }
  va_end(pieces);
  return text;
}

std::string hex(uint64_t value, int width) {
  char text[24];
  std::string digits{text, std::to_chars(text, text + sizeof text, value, 16).ptr};
  if (digits.size() < size_t(width)) digits.insert(0, size_t(width) - digits.size(), '0');
  return digits;
}

std::string hex_bytes(Bytes bytes, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) text.append(separator);
    text.append(hex(bytes[i], 2));
  }
  return text;
}

std::string human_size(uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return cat(bytes, " B");
  size_t unit = 0;
  uint64_t scale = 1;
  while (unit + 1 < std::size(kUnits) && bytes / scale >= 1024) {
    scale *= 1024;
    ++unit;
  }
  uint64_t tenths = bytes % scale * 10 / scale;  // fits: scale is at most 2^60
  return cat(bytes / scale, ".", tenths, " ", kUnits[unit]);
}

std::optional<int64_t> parse_integer(std::string_view text) {
  bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (magnitude > uint64_t(std::numeric_limits<int64_t>::max())) return std::nullopt;
  return negative ? -int64_t(magnitude) : int64_t(magnitude);
}

std::optional<uint64_t> parse_decimal(std::string_view text) {
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 10);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string printable(std::string_view text, size_t limit) {
  std::string shown;
  for (char c : text.substr(0, limit)) shown.push_back(c >= 0x20 && c < 0x7f ? c : '?');
  if (text.size() > limit) shown.append("...");
  return shown;
}

}  // namespace hawser
