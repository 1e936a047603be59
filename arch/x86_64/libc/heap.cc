// Boundary-tag allocator (Knuth, The Art of Computer Programming, vol. 1, §2.5) with segregated
// free lists.
#include "arch/x86_64/libc/heap.h"

#include <bit>
#include <cstring>

#include "arch/x86_64/libc/panic.h"

namespace hawser {

struct Heap::Block {
  static constexpr size_t kUsed = 1;

  size_t below;  // bytes of the block in front, 0 for the first
  size_t tag;    // bytes of this block, header included; bit 0: in use
  // Payload; while free, it starts with the links of its list.
  Block* next;
  Block* previous;

  size_t bytes() const { return tag & ~kUsed; }
  bool used() const { return tag & kUsed; }
  char* at(size_t offset) { return reinterpret_cast<char*>(this) + offset; }
  Block* above() { return reinterpret_cast<Block*>(at(bytes())); }
  Block* lower() { return reinterpret_cast<Block*>(at(0) - below); }
  void* payload() { return at(kHeader); }

  static constexpr size_t kHeader = 16;
  static constexpr size_t kLeast = 32;  // a header and two links
};

namespace {

constexpr size_t round_up(size_t value, size_t align) { return (value + align - 1) & ~(align - 1); }

// A sane bound on any request, so that sums below cannot wrap.
constexpr size_t kMost = size_t{1} << 62;

}  // namespace

// Four lists for each power of two from 32 bytes up; the last holds all from 1.75 MiB up.
unsigned Heap::bin_of(size_t bytes) {
  unsigned log = std::bit_width(bytes) - 1;
  unsigned bin = (log - 5) * 4 + ((bytes >> (log - 2)) & 3);
  return bin < kBins ? bin : kBins - 1;
}

void Heap::init(void* base, size_t bytes) {
  auto start = round_up(reinterpret_cast<uintptr_t>(base), kAlign);
  size_t lost = start - reinterpret_cast<uintptr_t>(base);
  if (bytes < lost + 2 * Block::kLeast) return;
  size_t usable = (bytes - lost) & ~(kAlign - 1);

  first_ = reinterpret_cast<Block*>(start);
  first_->below = 0;
  first_->tag = usable - Block::kHeader;
  end_ = first_->above();
  end_->below = first_->tag;
  end_->tag = Block::kHeader | Block::kUsed;
  total_ = usable;
  insert(first_);
}

void Heap::insert(Block* block) {
  unsigned bin = bin_of(block->bytes());
  block->previous = nullptr;
  block->next = bins_[bin];
  if (block->next) block->next->previous = block;
  bins_[bin] = block;
  filled_ |= uint64_t{1} << bin;
}

void Heap::remove(Block* block) {
  unsigned bin = bin_of(block->bytes());
  Block*& link = block->previous ? block->previous->next : bins_[bin];
  if (link != block || (block->next && block->next->previous != block))
    hawser_panic("heap: a freed block was written to");
  link = block->next;
  if (block->next) block->next->previous = block->previous;
  if (!bins_[bin]) filled_ &= ~(uint64_t{1} << bin);
}

// Any block of a higher list is large enough; in the request's own list some may be too small.
Heap::Block* Heap::find(size_t bytes) {
  unsigned bin = bin_of(bytes);
  for (Block* block = bins_[bin]; block; block = block->next)
    if (block->bytes() >= bytes) return block;
  uint64_t higher = bin + 1 < kBins ? filled_ >> (bin + 1) << (bin + 1) : 0;
  return higher ? bins_[std::countr_zero(higher)] : nullptr;
}

// Cuts a block in use down to `bytes` and frees what is left above, if that makes a block.
void Heap::trim(Block* block, size_t bytes) {
  size_t rest = block->bytes() - bytes;
  if (rest < Block::kLeast) return;
  block->tag = bytes | Block::kUsed;
  Block* tail = block->above();
  tail->below = bytes;
  tail->tag = rest;
  Block* above = tail->above();
  if (!above->used()) {
    remove(above);
    tail->tag += above->bytes();
  }
  tail->above()->below = tail->bytes();
  insert(tail);
}

void Heap::account(size_t before, size_t after) {
  used_ += after - before;
  if (used_ > high_water_) high_water_ = used_;
}

void* Heap::allocate(size_t bytes, size_t align) {
  if (bytes > kMost || align > kMost || !first_) return nullptr;
  size_t need = round_up(bytes + Block::kHeader, kAlign);
  if (need < Block::kLeast) need = Block::kLeast;
  // A coarser alignment may cost a free block in front of the payload.
  size_t slack = align > kAlign ? align + Block::kLeast : 0;
  Block* block = find(need + slack);
  if (!block) return nullptr;
  remove(block);

  if (slack) {
    auto plain = reinterpret_cast<uintptr_t>(block->payload());
    size_t skip = round_up(plain, align) - plain;
    if (skip && skip < Block::kLeast) skip = round_up(plain + Block::kLeast, align) - plain;
    if (skip) {
      size_t whole = block->bytes();
      block->tag = skip;
      Block* aligned = block->above();
      aligned->below = skip;
      aligned->tag = whole - skip;
      aligned->above()->below = aligned->bytes();
      insert(block);
      block = aligned;
    }
  }
  block->tag |= Block::kUsed;
  trim(block, need);
  account(0, block->bytes());
  return block->payload();
}

Heap::Block* Heap::checked(void* payload) {
  auto* block = reinterpret_cast<Block*>(static_cast<char*>(payload) - Block::kHeader);
  bool inside = reinterpret_cast<uintptr_t>(payload) % kAlign == 0 && block >= first_ &&
                block < end_ && block->bytes() >= Block::kLeast &&
                block->bytes() <= size_t(end_->at(0) - block->at(0));
  if (!inside || !block->used() || block->above()->below != block->bytes())
    hawser_panic("heap: a block was freed twice or overwritten");
  return block;
}

void Heap::release(void* payload) {
  if (!payload) return;
  Block* block = checked(payload);
  account(block->bytes(), 0);
  size_t bytes = block->bytes();
  if (Block* above = block->above(); !above->used()) {
    remove(above);
    bytes += above->bytes();
  }
  if (block->below && !block->lower()->used()) {
    block = block->lower();
    remove(block);
    bytes += block->bytes();
  }
  block->tag = bytes;
  block->above()->below = bytes;
  insert(block);
}

void* Heap::resize(void* payload, size_t bytes) {
  if (!payload) return allocate(bytes);
  if (bytes > kMost) return nullptr;
  Block* block = checked(payload);
  size_t before = block->bytes();
  size_t need = round_up(bytes + Block::kHeader, kAlign);
  if (need < Block::kLeast) need = Block::kLeast;

  Block* above = block->above();
  if (need > before && !above->used() && before + above->bytes() >= need) {
    remove(above);
    block->tag += above->bytes();
    block->above()->below = block->bytes();
  }
  if (need <= block->bytes()) {
    trim(block, need);
    account(before, block->bytes());
    return payload;
  }
  void* moved = allocate(bytes);
  if (!moved) return nullptr;
  std::memcpy(moved, payload, before - Block::kHeader);
  release(payload);
  return moved;
}

}  // namespace hawser
