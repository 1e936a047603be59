// What a switch tells about the port we are plugged into: spanning tree (IEEE 802.1D-2004 §9.3) and
// link aggregation (IEEE 802.1AX-2008 §5.4.2). A port that was just plugged in may keep frames
// back.
#pragma once

#include <cstdint>
#include <optional>

#include "src/base/bytes.h"
#include "src/base/time.h"

namespace hawser::stack {

struct SwitchPort {
  enum class Protocol : uint8_t { SpanningTree, Lacp };
  Protocol protocol;
  /// It passes frames on. With the first spanning tree protocol nobody can know: false.
  bool forwarding = false;
  /// How long after the link came up it may take until it does, at most kLongestWait.
  Millis wait{0};
};
inline constexpr Millis kLongestWait{60'000};

/// What a frame (Ethernet header onwards) tells; nothing when it is another or malformed.
std::optional<SwitchPort> switch_port(Bytes frame);

}  // namespace hawser::stack
