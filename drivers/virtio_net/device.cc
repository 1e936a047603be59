#include "drivers/virtio_net/device.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "src/base/format.h"

namespace hawser::virtio_net {
namespace {

// The last two say that the device reaches memory as other PCI devices do: through an IOMMU, and in
// their order. That is nothing new to us, and one that offers them may refuse a driver that does
// not know them (§6.2).
constexpr uint64_t kWanted = feature::kMtu | feature::kMac | feature::kStatus |
                             feature::kAnyLayout | feature::kVersion1 | feature::kAccessPlatform |
                             feature::kOrderPlatform;
/// Several segments of a TCP stream in one frame, which then takes several buffers; the host need
/// not compute their sums either. All three or none (§5.1.3.1), and modern devices only.
constexpr uint64_t kLargeFrames =
    feature::kGuestChecksum | feature::kGuestTso4 | feature::kMergeRxBuffers;
constexpr uint32_t kLeastMtu = 68, kMostMtu = 1500;  // §5.1.4.1; what an RxBuffer is made for

Error device_error(std::string_view what) { return {Errc::Device, cat("virtio-net: ", what)}; }

}  // namespace

template <class Condition>
bool Device::wait(uint64_t limit_us, Condition condition) {
  uint64_t start = platform_.now_us();
  for (;;) {
    if (condition()) return true;
    if (platform_.now_us() - start > limit_us) return condition();
  }
}

/// §4.1.4.3.2: the device has forgotten everything once its status reads as 0.
Status Device::reset() {
  constexpr uint64_t kResetLimitUs = 100'000;
  transport_->set_status(0);
  if (!wait(kResetLimitUs, [&] { return transport_->status() == 0; }))
    return device_error("register device_status: reset did not complete in 100 ms");
  return ok_status();
}

Status Device::attach() {
  TRY(reset());
  transport_->set_status(status::kAcknowledge);
  transport_->set_status(status::kAcknowledge | status::kDriver);
  uint64_t offered = transport_->offered_features();
  if (transport_->modern() && !(offered & feature::kVersion1))
    return device_error("the device has the registers of virtio 1 but does not offer VERSION_1");
  features_ = offered & kWanted;
  if (transport_->modern()) {
    features_ &= ~feature::kAnyLayout;  // §6.3: legacy only
    if ((offered & kLargeFrames) == kLargeFrames) large_frames_ = kLargeFrames;
    features_ |= large_frames_;
  }
  TRY(read_config());
  return reset();
}

Status Device::read_config() {
  constexpr int kTries = 10;
  for (int tries = 0; tries < kTries; ++tries) {
    uint8_t generation = transport_->config_generation();
    if (features_ & feature::kMac)
      for (uint32_t i = 0; i < mac_.bytes.size(); ++i)
        mac_.bytes[i] = transport_->config8(kConfigMac + i);
    uint32_t mtu = features_ & feature::kMtu ? transport_->config16(kConfigMtu) : kMostMtu;
    if (transport_->config_generation() != generation) continue;
    if (mtu < kLeastMtu) features_ &= ~feature::kMtu;  // §5.1.4.2: as if it were not offered
    else mtu_ = std::min(mtu, kMostMtu);
    if ((mac_.bytes[0] & 1) || mac_ == Mac{}) {  // none of its own: §5.1.5
      uint64_t random = platform_.random();
      std::memcpy(mac_.bytes.data(), &random, mac_.bytes.size());
      mac_.bytes[0] = uint8_t((mac_.bytes[0] & ~1u) | 2u);  // unicast, locally administered
    }
    permanent_mac_ = mac_;
    return ok_status();
  }
  return device_error("register config_generation never rests");
}

Status Device::open(FramePort& port) {
  if (port_) close();
  TRY(reset());
  port_ = &port;
  counters_ = {};
  Status started = start();
  if (!started.ok()) close();
  return started;
}

/// §3.1.1
Status Device::start() {
  using namespace status;
  transport_->set_status(kAcknowledge);
  transport_->set_status(kAcknowledge | kDriver);
  transport_->accept_features(features_);
  uint8_t so_far = kAcknowledge | kDriver;
  if (transport_->modern()) {
    so_far |= kFeaturesOk;
    transport_->set_status(so_far);
    if (!(transport_->status() & kFeaturesOk))
      return device_error("register device_status: the device takes back features it offered");
  }
  header_bytes_ = transport_->modern() ? sizeof(FrameHeader) : kLegacyHeaderBytes;
  bool split_header = !(features_ & (feature::kVersion1 | feature::kAnyLayout));  // §5.1.6.3.1
  TRY(create_queue(kRxQueue, rx_, split_header, Queue::kMaxSlots));
  TRY(create_queue(kTxQueue, tx_, split_header, kTxSlots));
  if (!tx_frames_.data)
    tx_frames_ = TRY(platform_.dma(size_t{kTxSlots} * kTxBufferBytes, legacy::kQueueAlign));
  transport_->bus_master(true);
  transport_->set_status(so_far | kDriverOk);
  refill();
  return ok_status();
}

Status Device::create_queue(uint16_t index, Queue& queue, bool split_header, uint32_t most_slots) {
  uint32_t size = transport_->queue_size(index);
  if (!std::has_single_bit(size) || size < 2 || size > Queue::kMaxSize)
    return device_error(cat("register queue_size of queue ", index, " reads as ", size));
  if (transport_->can_shrink_queues()) size = std::min(size, most_slots);
  TRY(queue.create(platform_, size, split_header, most_slots));
  return transport_->start_queue(index, queue);
}

Link Device::link() {
  if (!(features_ & feature::kStatus)) return Link::Up;
  return transport_->config16(kConfigStatus) & kConfigLinkUp ? Link::Up : Link::Down;
}

// --- frames --------------------------------------------------------------------------------------

void Device::refill() {
  if (rx_.free_slots() < std::min(kRefillBatch, rx_.slots() / 2)) return;
  while (rx_.free_slots() > 0) {
    RxBuffer* buffer = port_->take();
    if (!buffer) break;
    rx_buffers_[rx_.next_slot()] = buffer;
    rx_.post(buffer->bus, kRxBufferBytes, header_bytes_, true);
  }
  if (rx_.publish()) transport_->notify(kRxQueue);
}

void Device::tell_of_frames() {
  if (tx_.publish()) transport_->notify(kTxQueue);
}

void Device::reclaim() {
  for (uint32_t i = 0; i < tx_.slots(); ++i)
    if (!tx_.take()) return;
}

size_t Device::poll(size_t budget) {
  if (!port_) return 0;
  tell_of_frames();
  size_t delivered = 0;
  for (size_t taken = 0; taken < budget; ++taken) {
    auto done = rx_.take();
    if (!done) break;
    delivered += deliver(*done);
    if (!port_) return delivered;  // the stack closed us from within
  }
  refill();
  return delivered;
}

/// What the device wrote into a slot, behind the first `skip` bytes. No buffer, or no bytes, when
/// the answer makes no sense.
RxPart Device::part_of(Queue::Done done, uint32_t skip) {
  if (done.slot == Queue::kNoSlot) return {};
  RxBuffer* buffer = std::exchange(rx_buffers_[done.slot], nullptr);
  bool good = done.bytes > skip && done.bytes <= kRxBufferBytes;
  return {buffer, skip, good ? done.bytes - skip : 0};
}

bool Device::deliver(Queue::Done first) {
  parts_[0] = part_of(first, header_bytes_);
  size_t count = 1;
  bool good = parts_[0].bytes > 0;
  FrameHeader header;
  if (good) std::memcpy(&header, parts_[0].buffer->data, header_bytes_);
  size_t wanted = features_ & feature::kMergeRxBuffers ? header.buffers : 1;
  good = good && wanted >= 1 && wanted <= kMaxParts;
  while (good && count < wanted) {  // the device shows all of a frame at once (§5.1.6.4)
    auto more = rx_.take();
    if (!more) good = false;
    else good = (parts_[count++] = part_of(*more, 0)).bytes > 0;
  }
  ++(good ? counters_.rx_frames : counters_.rx_errors);
  if (good) {
    bool checked = (features_ & feature::kGuestChecksum) &&
                   (header.flags & (FrameHeader::kNeedsChecksum | FrameHeader::kDataValid));
    port_->received_parts({parts_.data(), count}, checked);
  } else {
    for (size_t i = 0; i < count; ++i)
      if (parts_[i].buffer) port_->give_back(parts_[i].buffer);
  }
  return good;
}

bool Device::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  if (tx_.free_slots() == 0) reclaim();
  size_t length = 0;
  for (Bytes piece : pieces) length += std::min<size_t>(piece.size(), kMaxFrameBytes + 1);
  if (length == 0 || length > kMaxFrameBytes || tx_.free_slots() == 0) {
    ++counters_.tx_errors;
    return false;
  }
  uint64_t at = uint64_t{tx_.next_slot()} * kTxBufferBytes;
  uint8_t* to = tx_frames_.data + at + header_bytes_;
  for (Bytes piece : pieces) {
    if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  tx_.post(tx_frames_.bus + at, header_bytes_ + uint32_t(length), header_bytes_, false);
  ++counters_.tx_frames;
  return true;
}

void Device::close() {
  constexpr uint64_t kDrainUs = 10'000;
  if (!port_) return;
  tell_of_frames();  // last words to a server, if the link is up at all
  wait(kDrainUs, [&] {
    reclaim();
    return tx_.free_slots() == tx_.slots() || link() == Link::Down;
  });
  static_cast<void>(reset());     // forgets the rings; if that hangs, the next line still helps
  transport_->bus_master(false);  // from here on nothing reaches memory
  for (RxBuffer*& buffer : rx_buffers_)
    if (buffer) port_->give_back(std::exchange(buffer, nullptr));
  port_ = nullptr;
}

}  // namespace hawser::virtio_net
