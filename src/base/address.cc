#include "src/base/address.h"

#include "src/base/format.h"

namespace hawser {

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address;
  size_t at = 0;
  for (size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    unsigned value = 0;
    size_t digits = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + unsigned(text[at++] - '0');
      if (++digits > 3 || value > 255) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    address.bytes[part] = uint8_t(value);
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

std::string to_string(Ipv4 address) {
  return cat(unsigned{address.bytes[0]}, ".", unsigned{address.bytes[1]}, ".",
             unsigned{address.bytes[2]}, ".", unsigned{address.bytes[3]});
}

std::string to_string(const Mac& mac) { return hex_bytes(mac.bytes, ":"); }

}  // namespace hawser
