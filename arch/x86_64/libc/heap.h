// The heap: one bounded arena with boundary tags and free lists by size class.
//
// Each block is a 16-byte header and a payload aligned to 16 bytes. A header knows its own size and
// its lower neighbour's, so freeing joins with both neighbours in constant time. Free blocks of
// like size hang in one of 64 lists; a bit map tells which lists hold any.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser {

class Heap {
 public:
  static constexpr size_t kAlign = 16;

  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// Takes [base, base + bytes) as the arena, once. The memory is borrowed for the heap's lifetime.
  /// An arena of less than 64 bytes yields a heap that is always full.
  void init(void* base, size_t bytes);

  /// `align` is a power of two. Returns nullptr when no block is large enough; a request for 0
  /// bytes gets a block of its own.
  void* allocate(size_t bytes, size_t align = kAlign);

  /// Panics when `payload` is not a block in use: freed twice, or its header was overwritten.
  void release(void* payload);

  /// Like realloc(): nullptr leaves the old block as it was. `payload` may be nullptr.
  void* resize(void* payload, size_t bytes);

  size_t total() const { return total_; }            ///< bytes of the arena, headers included
  size_t used() const { return used_; }              ///< bytes handed out, headers included
  size_t high_water() const { return high_water_; }  ///< the most that used() ever was

 private:
  struct Block;
  static constexpr size_t kBins = 64;

  static unsigned bin_of(size_t bytes);
  Block* find(size_t bytes);
  void insert(Block* block);
  void remove(Block* block);
  void trim(Block* block, size_t bytes);
  Block* checked(void* payload);
  void account(size_t before, size_t after);

  Block* bins_[kBins] = {};
  uint64_t filled_ = 0;  // bit n: bins_[n] is not empty
  Block* first_ = nullptr;
  Block* end_ = nullptr;  // a header without payload, always in use: stops joining
  size_t total_ = 0, used_ = 0, high_water_ = 0;
};

}  // namespace hawser

extern "C" {
/// The one heap behind malloc() and operator new; call before anything allocates.
void hawser_heap_init(void* base, size_t bytes);
size_t hawser_heap_total(void);
size_t hawser_heap_used(void);
size_t hawser_heap_high_water(void);
}
