#include "drivers/e1000/rings.h"

#include <atomic>
#include <cstring>
#include <utility>

namespace hawser::e1000 {
namespace {

constexpr size_t kPage = 4096;

/// Reads a status byte that the device writes last.
uint8_t status_of(uint8_t& status) {
  return std::atomic_ref(status).load(std::memory_order_acquire);
}

/// Descriptors must be in memory before the device hears of them.
void publish() { std::atomic_thread_fence(std::memory_order_release); }

}  // namespace

Status RxRing::create(Platform& platform) {
  if (slots_) return ok_status();
  memory_ = TRY(platform.dma(kBytes, kPage));
  slots_ = reinterpret_cast<RxDescriptor*>(memory_.data);
  return ok_status();
}

void RxRing::clear() {
  std::memset(memory_.data, 0, kBytes);
  next_ = posted_ = 0;
  fragment_ = false;
}

bool RxRing::refill(FramePort& port) {
  if (kRxSlots - 1 - posted_ < kRefillBatch) return false;
  uint32_t before = posted_;
  while (posted_ < kRxSlots - 1) {
    RxBuffer* buffer = port.take();
    if (!buffer) break;
    uint32_t slot = tail();
    buffers_[slot] = buffer;
    slots_[slot] = RxDescriptor{.buffer = buffer->bus};
    ++posted_;
  }
  publish();
  return posted_ != before;
}

std::optional<RxRing::Arrival> RxRing::take() {
  if (posted_ == 0) return std::nullopt;
  uint32_t at = next_ % kRxSlots;
  uint8_t status = status_of(slots_[at].status);
  if (!(status & RxDescriptor::kDone)) return std::nullopt;
  uint32_t length = slots_[at].length;  // read once: the device could change it
  bool last = status & RxDescriptor::kEndOfPacket;
  bool good =
      last && !fragment_ && slots_[at].errors == 0 && length > 0 && length <= kRxBufferBytes;
  fragment_ = !last;
  ++next_;
  --posted_;
  return Arrival{std::exchange(buffers_[at], nullptr), length,
                 good   ? Verdict::Good
                 : last ? Verdict::Bad
                        : Verdict::Piece};
}

void RxRing::return_all(FramePort& port) {
  for (RxBuffer*& buffer : buffers_)
    if (buffer) port.give_back(std::exchange(buffer, nullptr));
  posted_ = 0;
}

Status TxRing::create(Platform& platform) {
  if (slots_) return ok_status();
  memory_ = TRY(platform.dma(kBytes, kPage));
  frames_ = TRY(platform.dma(size_t{kTxSlots} * kTxBufferBytes, kPage));
  slots_ = reinterpret_cast<TxDescriptor*>(memory_.data);
  return ok_status();
}

void TxRing::clear() {
  std::memset(memory_.data, 0, kBytes);
  next_ = told_ = oldest_ = 0;
}

bool TxRing::push(std::span<const Bytes> pieces) {
  size_t length = 0;
  for (Bytes piece : pieces) {
    if (piece.size() > kMaxFrameBytes - length) return false;
    length += piece.size();
  }
  if (next_ - oldest_ >= kTxSlots - 1) reclaim();
  if (length == 0 || next_ - oldest_ >= kTxSlots - 1) return false;
  size_t at = next_ % kTxSlots, frame_at = at * kTxBufferBytes;
  uint8_t* to = frames_.data + frame_at;
  for (Bytes piece : pieces) {
    if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  if (length < kMinFrameBytes) {  // with zeros of ours, not with an older frame's bytes
    std::memset(to, 0, kMinFrameBytes - length);
    length = kMinFrameBytes;
  }
  slots_[at] = TxDescriptor{.buffer = frames_.bus + frame_at,
                            .length = uint16_t(length),
                            .command = TxDescriptor::kEndOfPacket | TxDescriptor::kInsertFcs |
                                       TxDescriptor::kReportStatus};
  ++next_;
  return true;
}

bool TxRing::take_news() {
  if (told_ == next_) return false;
  told_ = next_;
  publish();
  return true;
}

bool TxRing::reclaim() {
  while (oldest_ != told_) {
    if (!(status_of(slots_[oldest_ % kTxSlots].status) & TxDescriptor::kDone)) return false;
    ++oldest_;
  }
  return true;
}

}  // namespace hawser::e1000
