// Receive buffers: each is a DMA block that the card fills and lwIP then reads in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/nic.h"
#include "lwip/pbuf.h"
#include "src/platform.h"

namespace hawser::stack {

class RxPool {
 public:
  explicit RxPool(Platform& platform) : platform_(platform) {}
  RxPool(const RxPool&) = delete;
  RxPool& operator=(const RxPool&) = delete;

  /// Makes sure that `spare` buffers are free. Errors: NoMemory.
  Status grow(size_t spare);

  size_t size() const { return size_; }
  size_t available() const { return available_; }

  /// An empty buffer, or nullptr when there is none.
  RxBuffer* take();
  void put(RxBuffer* buffer);
  /// Part of a buffer as a packet; freeing it puts the buffer back. The part is inside the buffer.
  pbuf* wrap(const RxPart& part);

 private:
  struct Slot {
    pbuf_custom packet;  ///< first, so that lwIP's pointer to it is a pointer to the slot
    RxBuffer buffer;
    RxPool* pool = nullptr;
    Slot* next_free = nullptr;
  };
  static void release(pbuf* packet);

  Platform& platform_;
  std::vector<std::unique_ptr<Slot[]>> blocks_;
  Slot* free_ = nullptr;
  size_t size_ = 0, available_ = 0;
};

}  // namespace hawser::stack
