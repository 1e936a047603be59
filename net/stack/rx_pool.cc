#include "net/stack/rx_pool.h"

namespace hawser::stack {

Status RxPool::grow(size_t spare) {
  if (available_ >= spare) return ok_status();
  size_t count = spare - available_;
  DmaBlock memory = TRY(platform_.dma(count * kRxBufferBytes, 4096));
  auto slots = std::make_unique<Slot[]>(count);
  for (size_t i = 0; i < count; ++i) {
    size_t at = i * kRxBufferBytes;
    slots[i].buffer = {&slots[i], memory.data + at, memory.bus + at, kRxBufferBytes};
    slots[i].pool = this;
    slots[i].packet.custom_free_function = release;
    put(&slots[i].buffer);
  }
  blocks_.push_back(std::move(slots));
  size_ += count;
  return ok_status();
}

RxBuffer* RxPool::take() {
  if (!free_) return nullptr;
  Slot* slot = free_;
  free_ = slot->next_free;
  --available_;
  return &slot->buffer;
}

void RxPool::put(RxBuffer* buffer) {
  Slot* slot = static_cast<Slot*>(buffer->owner);
  slot->next_free = free_;
  free_ = slot;
  ++available_;
}

pbuf* RxPool::wrap(const RxPart& part) {
  Slot* slot = static_cast<Slot*>(part.buffer->owner);
  return pbuf_alloced_custom(PBUF_RAW, u16_t(part.bytes), PBUF_REF, &slot->packet,
                             part.buffer->data + part.at, u16_t(kRxBufferBytes - part.at));
}

void RxPool::release(pbuf* packet) {
  Slot* slot = reinterpret_cast<Slot*>(packet);
  slot->pool->put(&slot->buffer);
}

}  // namespace hawser::stack
