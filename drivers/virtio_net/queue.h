// A split virtqueue (virtio 1.2 §2.7): memory shared with the device, no registers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/virtio_net/registers.h"
#include "src/platform.h"

namespace hawser::virtio_net {

/// Buffers go to the device in slots. A slot is one descriptor, or two when the device wants the
/// frame's header in one of its own.
class Queue {
 public:
  static constexpr uint32_t kMaxSlots = 512;
  static constexpr uint32_t kMaxSize = 32768;  // §2.7

  /// Gets memory for `size` descriptors, a power of two up to kMaxSize, in the layout that legacy
  /// devices demand (§2.7.2), and at most `most_slots` slots, up to kMaxSlots. Call it before each
  /// start of the device. Errors: NoMemory.
  Status create(Platform& platform, uint32_t size, bool split_header, uint32_t most_slots);
  uint32_t size() const { return size_; }
  uint32_t slots() const { return slots_; }
  Phys descriptors_bus() const { return memory_.bus; }
  Phys available_bus() const { return memory_.bus + available_at(size_); }
  Phys used_bus() const { return memory_.bus + used_at(size_); }

  uint32_t free_slots() const { return free_count_; }
  /// The slot, below slots(), that the next post() takes. Only while there are free ones.
  uint16_t next_slot() const { return free_[free_count_ - 1]; }
  /// Hands the memory at `bus` to the device, by the next publish(). `header_bytes` of it are the
  /// frame's header.
  void post(Phys bus, uint32_t bytes, uint32_t header_bytes, bool device_writes);
  /// Shows the device what was posted since the last call. True when it wants a notification.
  bool publish();

  struct Done {
    uint16_t slot;
    uint32_t bytes;  ///< what the device says it wrote: unchecked
  };
  static constexpr uint16_t kNoSlot = 0xffff;
  /// The oldest slot that the device is done with, free again, or nothing. Done::slot is kNoSlot
  /// for an answer that makes no sense.
  std::optional<Done> take();

 private:
  static uint64_t available_at(uint32_t size) { return uint64_t{size} * sizeof(Descriptor); }
  static uint64_t used_at(uint32_t size);

  DmaBlock memory_;
  Descriptor* descriptors_ = nullptr;
  Available* available_ = nullptr;
  Used* used_ = nullptr;
  uint32_t size_ = 0, slots_ = 0;
  uint16_t per_slot_ = 1;                        ///< descriptors
  uint16_t posted_ = 0, shown_ = 0, taken_ = 0;  ///< count up for ever, as the device's indices do
  uint32_t free_count_ = 0;
  std::array<uint16_t, kMaxSlots> free_{};
  std::array<bool, kMaxSlots> at_device_{};
};

}  // namespace hawser::virtio_net
