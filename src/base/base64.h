// Base64 (RFC 4648 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"

namespace hawser {

/// With padding, in one line.
std::string base64(Bytes bytes);
/// White space is skipped. Nothing when a character is none of base64's, when '=' does not end the
/// text, or when it is no whole number of bytes.
std::optional<std::vector<uint8_t>> parse_base64(std::string_view text);

}  // namespace hawser
