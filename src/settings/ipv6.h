// IPv6 addresses as text: RFC 4291 §2.2 in, RFC 5952 out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hawser {

/// "2001:db8::1", "::ffff:10.0.2.2"; no zone, no brackets. Nothing when it is not an address.
std::optional<std::array<uint8_t, 16>> parse_ipv6(std::string_view text);
/// Lower case, the longest run of two or more zero groups as "::".
std::string format_ipv6(std::span<const uint8_t, 16> bytes);

}  // namespace hawser
