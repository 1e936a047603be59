#include "drivers/ring_nic.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "src/base/format.h"

namespace hawser {
namespace {

constexpr uint32_t kRefillPart = 8;  ///< of the receive ring

}  // namespace

Error RingNic::device_error(std::string_view what) const {
  return {Errc::Device, cat(driver(), ": ", what)};
}

Status RingNic::adopt(const Mac& mac) {
  if ((mac.bytes[0] & 1) || mac == Mac{})
    return device_error(
        cat("the card's address reads as ", to_string(mac), ", which is no card's"));
  mac_ = permanent_mac_ = mac;
  return ok_status();
}

void RingNic::publish() { std::atomic_thread_fence(std::memory_order_release); }

Status RingNic::open(FramePort& port) {
  if (port_) close();
  if (!tx_frames_.data) {
    TRY(create());
    tx_frames_ = TRY(platform_.dma(size_t{kTxSlots} * kTxBufferBytes, 4096));
  }
  counters_ = {};
  next_ = told_ = oldest_ = rx_next_ = rx_posted_ = 0;
  port_ = &port;
  Status started = start();
  if (started.ok()) refill();
  else close();
  return started;
}

void RingNic::close() {
  constexpr uint64_t kDrainUs = 10'000;
  if (!port_) return;
  wait(kDrainUs, [&] {  // last words to a server, if the link is up at all
    reclaim();
    offer();
    return oldest_ == next_ || link() == Link::Down;
  });
  stop();
  io_->bus_master(false);  // from here on nothing reaches memory
  for (RxBuffer*& buffer : rx_buffers_)
    if (buffer) port_->give_back(std::exchange(buffer, nullptr));
  port_ = nullptr;
}

// --- sending -------------------------------------------------------------------------------------

bool RingNic::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  size_t length = 0;
  for (Bytes piece : pieces) length += std::min<size_t>(piece.size(), kMaxFrameBytes + 1);
  if (next_ - oldest_ >= kMostTx) reclaim();
  if (length == 0 || length > kMaxFrameBytes || next_ - oldest_ >= kMostTx) {
    ++counters_.tx_errors;
    return false;
  }
  uint32_t slot = next_ % kTxSlots;
  uint8_t* to = tx_frames_.data + size_t{slot} * kTxBufferBytes;
  for (Bytes piece : pieces) {
    if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  if (length < kMinFrameBytes) {  // with zeros of ours, not with an older frame's bytes
    std::memset(to, 0, kMinFrameBytes - length);
    length = kMinFrameBytes;
  }
  tx_bytes_[slot] = uint16_t(length);
  ++next_;
  ++counters_.tx_frames;
  return true;
}

void RingNic::offer() {
  uint32_t before = told_;
  for (; told_ != next_; ++told_) {
    if (told_ - oldest_ >= tx_depth_) reclaim();
    if (told_ - oldest_ >= tx_depth_) break;
    uint32_t slot = told_ % kTxSlots;
    send(slot, tx_frames_.bus + uint64_t{slot} * kTxBufferBytes, tx_bytes_[slot]);
  }
  if (told_ == before) return;
  publish();
  tell_of_frames();
}

void RingNic::reclaim() {
  while (oldest_ != told_ && sent(oldest_ % kTxSlots)) ++oldest_;
}

// --- receiving -----------------------------------------------------------------------------------

RxBuffer* RingNic::collect() {
  if (rx_posted_ == 0) return nullptr;
  --rx_posted_;
  return std::exchange(rx_buffers_[rx_next_++ % kRxSlots], nullptr);
}

/// Empty slots wait until there are many: each move of a ring's tail is an exit to the hypervisor
/// in a virtual machine, and a posted write across PCI elsewhere.
void RingNic::refill() {
  if (rx_depth_ - rx_posted_ < rx_depth_ / kRefillPart) return;
  uint32_t before = rx_posted_;
  while (rx_posted_ < rx_depth_) {
    RxBuffer* buffer = port_->take();
    if (!buffer) break;
    rx_buffers_[rx_tail()] = buffer;
    post(rx_tail(), buffer->bus);
    ++rx_posted_;
  }
  if (rx_posted_ == before) return;
  publish();
  tell_of_buffers();
}

size_t RingNic::poll(size_t budget) {
  if (!port_) return 0;
  offer();
  size_t delivered = 0;
  for (size_t count = 0; count < budget; ++count) {
    auto arrival = take();
    if (!arrival) break;
    if (arrival->length > 0) {
      ++delivered;
      ++counters_.rx_frames;
      port_->received(arrival->buffer, arrival->length);
      if (!port_) return delivered;  // the stack closed us from within
    } else {
      ++counters_.rx_errors;
      if (arrival->buffer) port_->give_back(arrival->buffer);
    }
  }
  taken();
  refill();
  return delivered;
}

}  // namespace hawser
