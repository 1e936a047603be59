#include "drivers/virtio_net/queue.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace hawser::virtio_net {
namespace {

constexpr uint64_t kRingHeadBytes = 4, kEventBytes = 2;

uint64_t page_up(uint64_t n) { return (n + legacy::kQueueAlign - 1) & ~(legacy::kQueueAlign - 1); }

}  // namespace

uint64_t Queue::used_at(uint32_t size) {
  return page_up(available_at(size) + kRingHeadBytes + uint64_t{size} * 2 + kEventBytes);
}

Status Queue::create(Platform& platform, uint32_t size, bool split_header, uint32_t most_slots) {
  uint64_t bytes =
      page_up(used_at(size) + kRingHeadBytes + uint64_t{size} * sizeof(UsedElement) + kEventBytes);
  if (bytes > memory_.bytes) memory_ = TRY(platform.dma(bytes, legacy::kQueueAlign));
  std::memset(memory_.data, 0, bytes);
  descriptors_ = reinterpret_cast<Descriptor*>(memory_.data);
  available_ = reinterpret_cast<Available*>(memory_.data + available_at(size));
  used_ = reinterpret_cast<Used*>(memory_.data + used_at(size));
  available_->flags = Available::kNoInterrupt;
  size_ = size;
  per_slot_ = split_header ? 2 : 1;
  slots_ = std::min(size / per_slot_, most_slots);
  posted_ = shown_ = taken_ = 0;
  at_device_.fill(false);
  for (free_count_ = 0; free_count_ < slots_; ++free_count_)
    free_[free_count_] = uint16_t(slots_ - 1 - free_count_);
  return ok_status();
}

void Queue::post(Phys bus, uint32_t bytes, uint32_t header_bytes, bool device_writes) {
  uint16_t slot = free_[--free_count_];
  at_device_[slot] = true;
  uint16_t flags = device_writes ? Descriptor::kDeviceWrites : 0;
  auto first = uint16_t(slot * per_slot_);
  if (per_slot_ == 2) {
    auto second = uint16_t(first + 1);
    descriptors_[first] = {bus, header_bytes, uint16_t(flags | Descriptor::kNext), second};
    descriptors_[second] = {bus + header_bytes, bytes - header_bytes, flags, 0};
  } else {
    descriptors_[first] = {bus, bytes, flags, 0};
  }
  available_->ring[posted_++ & (size_ - 1)] = first;
}

bool Queue::publish() {
  if (posted_ == shown_) return false;
  shown_ = posted_;
  std::atomic_ref(available_->index).store(posted_, std::memory_order_release);
  // The device sets its flag, then looks at the index: one of us sees the other (§2.7.13.4).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return !(std::atomic_ref(used_->flags).load(std::memory_order_relaxed) & Used::kNoNotify);
}

std::optional<Queue::Done> Queue::take() {
  if (std::atomic_ref(used_->index).load(std::memory_order_acquire) == taken_) return std::nullopt;
  UsedElement element = used_->ring[taken_++ & (size_ - 1)];
  uint32_t slot = element.id / per_slot_;
  if (slot >= slots_ || element.id % per_slot_ != 0 || !at_device_[slot]) return Done{kNoSlot, 0};
  at_device_[slot] = false;
  free_[free_count_++] = uint16_t(slot);
  return Done{uint16_t(slot), element.bytes};
}

}  // namespace hawser::virtio_net
