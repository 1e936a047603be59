// The Internet checksum (RFC 1071).
#pragma once

#include <cstdint>

#include "src/base/bytes.h"

namespace hawser::stack {

/// One's complement sum of `bytes` as 16-bit words in memory order (an odd last byte is padded with
/// zero), folded to 16 bits, not inverted.
uint16_t checksum_sum(Bytes bytes);

}  // namespace hawser::stack
