#include "src/console/keys.h"

#include <algorithm>

namespace hawser {
namespace {
constexpr Millis kSequenceGap{100};  ///< the rest of a function key's sequence follows at once

/// Home and End have other numbers on a VT220.
uint32_t usual(uint32_t code) {
  if (code == 0x27e || code == 0x87e) return key::kHome;
  if (code == 0x57e || code == 0x97e) return key::kEnd;
  return code;
}
}  // namespace

std::optional<uint32_t> read_key(Loop& loop, Millis deadline) {
  auto first = loop.wait_key(deadline);
  if (!first) return std::nullopt;
  uint32_t code = uint8_t(*first);
  if (code != key::kEscape) return code;
  auto next = loop.wait_key(loop.now() + kSequenceGap);
  if (!next || (*next != '[' && *next != 'O')) return code;  // "ESC O H" in application mode
  uint32_t number = 0;
  while ((next = loop.wait_key(loop.now() + kSequenceGap)) && *next >= '0' && *next <= '9')
    number = std::min<uint32_t>(number * 10 + uint32_t(*next - '0'), 0xffff);
  if (!next) return code;
  return usual((number + 1) << 8 | uint8_t(*next));
}

}  // namespace hawser
