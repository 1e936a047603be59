#include "net/stack/switch_port.h"

#include <algorithm>

namespace hawser::stack {
namespace {

// Ethernet: destination, source, length or type. Then, of a BPDU, the header of 802.2.
constexpr size_t kTypeAt = 12, kLlcAt = 14, kBpduAt = 17;
constexpr uint64_t kReserved = 0x0180c2000000;  // 01:80:c2:00:00:0x stays between neighbours
constexpr uint64_t kBridges = kReserved, kSlowProtocols = kReserved | 2;
constexpr uint16_t kMostLength = 1500, kSlowType = 0x8809;
constexpr uint16_t kBpduSap = 0x4242;
constexpr uint8_t kUnnumbered = 0x03;

// Of a BPDU (802.1D §9.3.1, §9.3.3), from its start.
constexpr size_t kBpduProtocolAt = 0, kBpduTypeAt = 3, kBpduFlagsAt = 4, kForwardDelayAt = 33;
constexpr uint8_t kConfiguration = 0x00, kRapid = 0x02, kForwarding = 1u << 5;
constexpr int64_t kDelayUnits = 256;  // to a second
// Listening and learning take a forward delay each.
constexpr int64_t kDelays = 2;
constexpr Millis kShortestWait{4'000};

// Of a LACPDU (802.1AX §5.4.2.2), from the start of the frame.
constexpr size_t kSubtypeAt = 14, kActorStateAt = 32;
constexpr uint8_t kLacpSubtype = 1, kCollectsAndDistributes = 3u << 4;
/// A partner that stays silent is given up after three slow periods, or fast ones of a second; what
/// switches that let a port work alone take in practice.
constexpr Millis kLacpWait{30'000};

std::optional<SwitchPort> spanning_tree(Bytes bpdu) {
  auto protocol = read_be<uint16_t>(bpdu, kBpduProtocolAt);
  auto type = read_be<uint8_t>(bpdu, kBpduTypeAt);
  auto delay = read_be<uint16_t>(bpdu, kForwardDelayAt);  // the last field of what both types have
  if (!protocol || *protocol != 0 || !delay || (*type != kConfiguration && *type != kRapid))
    return std::nullopt;
  Millis wait{*delay * kDelays * 1000 / kDelayUnits};
  return SwitchPort{SwitchPort::Protocol::SpanningTree,
                    *type == kRapid && (bpdu[kBpduFlagsAt] & kForwarding) != 0,
                    std::clamp(wait, kShortestWait, kLongestWait)};
}

}  // namespace

std::optional<SwitchPort> switch_port(Bytes frame) {
  auto high = read_be<uint32_t>(frame, 0);
  auto type = read_be<uint16_t>(frame, kTypeAt);
  if (!type) return std::nullopt;
  uint64_t to = uint64_t{*high} << 16 | *read_be<uint16_t>(frame, 4);
  if (to == kBridges && *type <= kMostLength) {
    auto sap = read_be<uint16_t>(frame, kLlcAt);
    if (frame.size() <= kBpduAt || *sap != kBpduSap || frame[kLlcAt + 2] != kUnnumbered)
      return std::nullopt;
    return spanning_tree(frame.subspan(kBpduAt));
  }
  if (to == kSlowProtocols && *type == kSlowType && frame.size() > kActorStateAt &&
      frame[kSubtypeAt] == kLacpSubtype)
    return SwitchPort{SwitchPort::Protocol::Lacp,
                      (frame[kActorStateAt] & kCollectsAndDistributes) == kCollectsAndDistributes,
                      kLacpWait};
  return std::nullopt;
}

}  // namespace hawser::stack
