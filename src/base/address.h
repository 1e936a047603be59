// Network addresses as plain values, independent of any network stack.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawser {

/// IPv4 address; bytes in network order, as written ("10.0.2.15" is {10,0,2,15}).
struct Ipv4 {
  std::array<uint8_t, 4> bytes{};
  constexpr auto operator<=>(const Ipv4&) const = default;
  constexpr bool any() const { return bytes == std::array<uint8_t, 4>{}; }
  constexpr uint32_t host_order() const {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
  }
  static constexpr Ipv4 from_host_order(uint32_t value) {
    return {{uint8_t(value >> 24), uint8_t(value >> 16), uint8_t(value >> 8), uint8_t(value)}};
  }
};

/// Dotted quad with exactly four decimal parts of 0 to 255; nothing otherwise.
std::optional<Ipv4> parse_ipv4(std::string_view text);
std::string to_string(Ipv4 address);

/// Ethernet MAC address.
struct Mac {
  std::array<uint8_t, 6> bytes{};
  constexpr auto operator<=>(const Mac&) const = default;
};
/// "52:54:00:12:34:56"
std::string to_string(const Mac& mac);

}  // namespace hawser
