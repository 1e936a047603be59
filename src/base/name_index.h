// Finds names among many in constant time: positions in somebody's list, by the hash of the name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hawser {

/// FNV-1a, 32 bits.
constexpr uint32_t hash_of(std::string_view name) {
  uint32_t hash = 0x811c9dc5;
  for (char c : name) hash = (hash ^ uint8_t(c)) * 0x01000193;
  return hash;
}

/// Keeps no names: whoever owns the list tells whether a position is the one that is looked for.
class NameIndex {
 public:
  static constexpr size_t kNone = SIZE_MAX;

  /// A position added under `hash` that `is_it(position)` says yes to, or kNone.
  template <class IsIt>
  size_t find(uint32_t hash, const IsIt& is_it) const {
    for (size_t at = hash; !slots_.empty() && slots_[at & mask()].next; ++at) {
      const Slot& slot = slots_[at & mask()];
      if (slot.hash == hash && is_it(size_t{slot.next - 1})) return slot.next - 1;
    }
    return kNone;
  }
  /// `position` is below 2^32 - 1.
  void add(uint32_t hash, size_t position) {
    if (++used_ * 2 > slots_.size()) grow();
    put({hash, uint32_t(position + 1)});
  }
  void clear() {
    slots_.clear();
    used_ = 0;
  }
  size_t size() const { return used_; }

 private:
  struct Slot {
    uint32_t hash = 0, next = 0;  ///< `next`: one above the position; 0: nothing here
  };
  size_t mask() const { return slots_.size() - 1; }
  void put(Slot slot) {
    size_t at = slot.hash;
    while (slots_[at & mask()].next) ++at;
    slots_[at & mask()] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.next) put(slot);
  }

  std::vector<Slot> slots_;  ///< a power of two of them, at most half in use
  size_t used_ = 0;
};

}  // namespace hawser
