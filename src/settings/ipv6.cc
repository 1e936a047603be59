// IPv6 addresses as text (src/settings/ipv6.h).
#include "src/settings/ipv6.h"

#include <algorithm>
#include <vector>

#include "src/base/address.h"
#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser {
namespace {

/// Colon-separated groups, the last of which may be an IPv4 address; nothing when malformed.
std::optional<std::vector<uint8_t>> parse_groups(std::string_view text) {
  std::vector<uint8_t> bytes;
  while (!text.empty()) {
    size_t colon = text.find(':');
    std::string_view group = text.substr(0, colon);
    bool last = colon == std::string_view::npos;
    if (auto ipv4 = parse_ipv4(group); ipv4 && last) {
      bytes.insert(bytes.end(), ipv4->bytes.begin(), ipv4->bytes.end());
      return bytes;
    }
    if (group.empty() || group.size() > 4) return std::nullopt;
    unsigned value = 0;
    for (char c : group) {
      if (hex_digit(c) < 0) return std::nullopt;
      value = value << 4 | unsigned(hex_digit(c));
    }
    bytes.push_back(uint8_t(value >> 8));
    bytes.push_back(uint8_t(value));
    if (last) return bytes;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // ends in a single ':'
  }
  return bytes;
}

}  // namespace

std::optional<std::array<uint8_t, 16>> parse_ipv6(std::string_view text) {
  std::array<uint8_t, 16> address{};
  size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    auto all = parse_groups(text);
    if (!all || all->size() != 16) return std::nullopt;
    std::copy(all->begin(), all->end(), address.begin());
    return address;
  }
  auto head = parse_groups(text.substr(0, gap));
  auto tail = parse_groups(text.substr(gap + 2));
  if (!head || !tail || head->size() + tail->size() > 14) return std::nullopt;
  if (text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;
  std::copy(head->begin(), head->end(), address.begin());
  std::copy(tail->begin(), tail->end(), address.end() - ptrdiff_t(tail->size()));
  return address;
}

std::string format_ipv6(std::span<const uint8_t, 16> bytes) {
  std::array<unsigned, 8> groups;
  for (size_t i = 0; i < 8; ++i) groups[i] = unsigned(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  size_t best = 8, longest = 1;  // a single zero group is not shortened (RFC 5952 §4.2.2)
  for (size_t i = 0; i < 8; ++i) {
    size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > longest) {
      best = i;
      longest = run;
    }
  }
  std::string text;
  for (size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += longest - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += hex(groups[i]);
  }
  return text;
}

}  // namespace hawser
