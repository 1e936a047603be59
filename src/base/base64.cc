#include "src/base/base64.h"

#include <algorithm>

#include "src/base/text.h"

namespace hawser {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(Bytes bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    size_t n = std::min<size_t>(3, bytes.size() - at);
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < n ? bytes[at + i] : 0);
    for (size_t i = 0; i < 4; ++i)
      text.push_back(i <= n ? kDigits[bits >> (18 - 6 * i) & 63] : '=');
  }
  return text;
}

std::optional<std::vector<uint8_t>> parse_base64(std::string_view text) {
  std::vector<uint8_t> bytes;
  uint32_t bits = 0;
  int held = 0, padding = 0, digits = 0;
  for (char c : text) {
    if (is_space(c)) continue;
    ++digits;
    if (c == '=') {
      ++padding;
      continue;
    }
    size_t value = kDigits.find(c);
    if (value == std::string_view::npos || padding > 0) return std::nullopt;
    bits = bits << 6 | uint32_t(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(uint8_t(bits >> held));
      bits &= (1u << held) - 1;
    }
  }
  if (digits % 4 != 0 || padding > 2 || (padding > 0 && held != 2 * padding)) return std::nullopt;
  return bytes;
}

}  // namespace hawser
