// Network cards for tests that are joined by a wire on which frames can be lost, and frames as
// other hosts send them.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "drivers/nic.h"
#include "net/stack/checksum.h"
#include "src/base/address.h"

namespace hawser::fakes {

using Frame = std::vector<uint8_t>;

/// A card with a receive ring like a real one: it holds buffers of the stack's all the time.
class WireNic : public Nic {
 public:
  explicit WireNic(Mac mac, size_t ring = 256) : mac_(mac), ring_size_(ring) {}

  // --- what a test does -------------------------------------------------------------------------
  std::vector<Frame> sent;                 ///< if there is no peer
  WireNic* peer = nullptr;                 ///< gets what is sent
  std::function<bool(const Frame&)> lose;  ///< frames on their way here that do not arrive
  bool plugged = true;
  size_t dropped = 0;  ///< no buffer, or no room on the wire
  std::function<int64_t()> due;  ///< when a frame that is sent now arrives here, and
  std::function<int64_t()> now;  ///< what time it is; unset: at once
  void arrive(Frame frame) { coming_.push_back({due ? due() : 0, std::move(frame)}); }
  size_t ring_fill() const { return ring_.size(); }
  FramePort* port() { return port_; }
  bool is_open() const { return port_ != nullptr; }

  // --- Nic --------------------------------------------------------------------------------------
  std::string_view driver() const override { return "wire"; }
  std::string_view chip() const override { return "wire"; }
  Mac mac() const override { return mac_; }
  uint32_t mtu() const override { return 1500; }
  bool carries_tags = true;
  bool carries_vlans() const override { return carries_tags; }
  Status open(FramePort& port) override {
    port_ = &port;
    refill();
    return ok_status();
  }
  void close() override {
    for (RxBuffer* buffer : ring_) port_->give_back(buffer);
    ring_.clear();
    port_ = nullptr;
  }
  Link link() override { return plugged ? Link::Up : Link::Down; }
  bool transmit(std::span<const Bytes> pieces) override {
    Frame frame;
    for (Bytes piece : pieces) frame.insert(frame.end(), piece.begin(), piece.end());
    ++counters_.tx_frames;
    if (peer) peer->arrive(std::move(frame));
    else sent.push_back(std::move(frame));
    return true;
  }
  size_t poll(size_t budget) override {
    size_t delivered = 0;
    for (; delivered < budget && !coming_.empty(); coming_.pop_front()) {
      Frame& frame = coming_.front().second;
      if (now && coming_.front().first > now()) break;
      if (lose && lose(frame)) continue;
      if (ring_.empty()) {
        ++dropped;
        continue;
      }
      RxBuffer* buffer = ring_.front();
      ring_.pop_front();
      std::copy(frame.begin(), frame.end(), buffer->data);
      port_->received(buffer, uint32_t(frame.size()));
      ++delivered;
      if (!port_) return delivered;
    }
    refill();
    return delivered;
  }
  const NicCounters& counters() override { return counters_; }

 private:
  void refill() {
    while (ring_.size() < ring_size_) {
      RxBuffer* buffer = port_->take();
      if (!buffer) return;
      ring_.push_back(buffer);
    }
  }
  Mac mac_;
  size_t ring_size_;
  FramePort* port_ = nullptr;
  std::deque<RxBuffer*> ring_;
  std::deque<std::pair<int64_t, Frame>> coming_;
  NicCounters counters_;
};

inline void append(Frame& frame, Bytes bytes) {
  frame.insert(frame.end(), bytes.begin(), bytes.end());
}

struct Host {
  Mac mac;
  Ipv4 address;
};

/// A UDP datagram in IPv4 in Ethernet.
inline Frame udp_frame(Host from, uint16_t from_port, Host to, uint16_t to_port, Bytes payload) {
  Frame frame;
  append(frame, to.mac.bytes);
  append(frame, from.mac.bytes);
  append(frame, Frame{8, 0});
  uint16_t udp = uint16_t(8 + payload.size()), total = uint16_t(20 + udp);
  append(frame, Frame{0x45, 0, uint8_t(total >> 8), uint8_t(total), 0, 1, 0, 0, 64, 17, 0, 0});
  append(frame, from.address.bytes);
  append(frame, to.address.bytes);
  uint16_t sum = uint16_t(~stack::checksum_sum(Bytes{frame}.subspan(14, 20)));
  write_le(&frame[24], sum);
  append(frame, Frame{uint8_t(from_port >> 8), uint8_t(from_port), uint8_t(to_port >> 8),
                      uint8_t(to_port), uint8_t(udp >> 8), uint8_t(udp), 0, 0});
  append(frame, payload);
  return frame;
}

/// An ARP message; `operation` 1 asks, 2 answers.
inline Frame arp_frame(uint8_t operation, Host from, Host to) {
  Frame frame;
  Mac everyone{{255, 255, 255, 255, 255, 255}};
  append(frame, operation == 1 ? everyone.bytes : to.mac.bytes);
  append(frame, from.mac.bytes);
  append(frame, Frame{8, 6, 0, 1, 8, 0, 6, 4, 0, operation});
  append(frame, from.mac.bytes);
  append(frame, from.address.bytes);
  append(frame, to.mac.bytes);
  append(frame, to.address.bytes);
  return frame;
}

/// The payload of a UDP frame to `port`, or empty.
inline Frame udp_payload(const Frame& frame, uint16_t port) {
  if (frame.size() < 42 || frame[12] != 8 || frame[13] != 0 || frame[23] != 17) return {};
  if ((frame[36] << 8 | frame[37]) != port) return {};
  return {frame.begin() + 42, frame.end()};
}

}  // namespace hawser::fakes
