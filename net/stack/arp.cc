#include "net/stack/arp.h"

#include <algorithm>

namespace hawser::stack {
namespace {

// Ethernet II header, then RFC 826.
constexpr size_t kSourceAt = 6, kTypeAt = 12, kHardwareAt = 14, kProtocolAt = 16, kLengthsAt = 18,
                 kOperationAt = 20, kSenderMacAt = 22, kSenderIpAt = 28, kTargetIpAt = 38;
constexpr uint16_t kArp = 0x0806, kEthernet = 1, kIpv4 = 0x0800, kLengths = 0x0604, kRequest = 1;

}  // namespace

std::array<uint8_t, kArpFrameBytes> arp_probe(const Mac& mac, Ipv4 address) {
  std::array<uint8_t, kArpFrameBytes> frame{};
  std::fill_n(frame.begin(), 6, uint8_t{0xff});
  std::copy(mac.bytes.begin(), mac.bytes.end(), frame.begin() + kSourceAt);
  write_be(&frame[kTypeAt], kArp);
  write_be(&frame[kHardwareAt], kEthernet);
  write_be(&frame[kProtocolAt], kIpv4);
  write_be(&frame[kLengthsAt], kLengths);
  write_be(&frame[kOperationAt], kRequest);
  std::copy(mac.bytes.begin(), mac.bytes.end(), frame.begin() + kSenderMacAt);
  std::copy(address.bytes.begin(), address.bytes.end(), frame.begin() + kTargetIpAt);
  return frame;
}

std::optional<Mac> arp_conflict(Bytes frame, const Mac& mac, Ipv4 address) {
  if (frame.size() < kArpFrameBytes || *read_be<uint16_t>(frame, kTypeAt) != kArp ||
      *read_be<uint16_t>(frame, kHardwareAt) != kEthernet ||
      *read_be<uint16_t>(frame, kProtocolAt) != kIpv4 ||
      *read_be<uint16_t>(frame, kLengthsAt) != kLengths)
    return std::nullopt;
  if (!std::equal(address.bytes.begin(), address.bytes.end(), frame.begin() + kSenderIpAt))
    return std::nullopt;
  Mac sender;
  std::copy_n(frame.begin() + kSenderMacAt, 6, sender.bytes.begin());
  if (sender == mac) return std::nullopt;
  return sender;
}

}  // namespace hawser::stack
