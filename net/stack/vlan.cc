#include "net/stack/vlan.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hawser::stack {
namespace {

// Destination and source address, then the tag (§9.3), then the type that was there before.
constexpr size_t kTagAt = 12, kTagBytes = 4, kHeaderBytes = 14, kMostFrame = 1518;
constexpr uint16_t kTagType = 0x8100, kVlanMask = 0x0fff;
constexpr unsigned kPriorityShift = 13;

}  // namespace

std::optional<uint16_t> vlan_of(Bytes frame) {
  if (frame.size() < kHeaderBytes + kTagBytes || *read_be<uint16_t>(frame, kTagAt) != kTagType)
    return std::nullopt;
  return *read_be<uint16_t>(frame, kTagAt + 2) & kVlanMask;
}

uint32_t remove_tag(uint8_t* frame, uint32_t length) {
  std::memmove(frame + kTagAt, frame + kTagAt + kTagBytes, length - kTagAt - kTagBytes);
  return uint32_t(length - kTagBytes);
}

Status VlanNic::open(FramePort& port) {
  TRY(trunk_.open());
  port_ = &port;
  return ok_status();
}

bool VlanNic::transmit(std::span<const Bytes> pieces) {
  std::array<uint8_t, kMostFrame> frame;
  size_t bytes = kTagBytes;  // the tag goes in last
  for (Bytes piece : pieces) {
    if (piece.size() > frame.size() - bytes) return false;
    std::copy(piece.begin(), piece.end(), frame.begin() + bytes);
    bytes += piece.size();
  }
  if (!port_ || !trunk_.is_open() || bytes < kHeaderBytes + kTagBytes) return false;
  std::memmove(frame.data(), frame.data() + kTagBytes, kTagAt);
  write_be(frame.data() + kTagAt, kTagType);
  write_be(frame.data() + kTagAt + 2, uint16_t(priority_ << kPriorityShift | vlan_));
  const Bytes whole{frame.data(), bytes};
  bool queued = trunk_.nic().transmit({&whole, 1});
  ++(queued ? counters_.tx_frames : counters_.tx_errors);
  return queued;
}

void VlanNic::received(std::span<RxPart> parts, bool checked) {
  ++counters_.rx_frames;
  parts[0].bytes = remove_tag(parts[0].buffer->data + parts[0].at, parts[0].bytes);
  port_->received_parts(parts, checked);
}

}  // namespace hawser::stack
