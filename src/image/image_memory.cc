#include <algorithm>
#include <cstring>
#include <new>

#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/image/image.h"

namespace hawser {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr Phys kFourGiB = Phys{1} << 32;
constexpr Phys kLowMemoryEnd = kMiB;          ///< below it kernels want their real-mode parts
constexpr Phys kSmallKernelsEnd = 16 * kMiB;  ///< kernels start between 1 and 16 MiB ...
constexpr Phys kKernelsEnd = 96 * kMiB;       ///< ... and seldom unpack past this

constexpr uint64_t round_down(uint64_t n) { return n & ~(kPage - 1); }
/// The caller keeps `n` a page below the end of 64 bits.
constexpr uint64_t round_up(uint64_t n) { return round_down(n + kPage - 1); }

/// Cuts [start, end) out of every range, rounded inwards to pages; appends what is left to `to`.
void append_part(std::vector<Range>& to, const Range& range, Phys start, Phys end) {
  start = round_up(std::max(range.start, start));
  end = round_down(std::min(range.end, end));
  if (end > start) to.push_back({start, end});
}

/// Where images may lie, best place first: in the largest region below 4 GiB, above what kernels
/// take when they unpack; then the other places below 4 GiB, which every kernel can reach; then
/// above.
std::vector<Range> arenas_of(const std::vector<Range>& free) {
  std::vector<Range> low, arenas;
  for (const Range& range : free) append_part(low, range, kLowMemoryEnd, kFourGiB);
  sort(low, [](const Range& a, const Range& b) { return a.size() > b.size(); });
  if (!low.empty()) {
    const Range& main = low.front();
    Phys start = std::max(main.start, std::min(kKernelsEnd, main.start + main.size() / 4));
    append_part(arenas, main, start, main.end);
    append_part(arenas, main, kSmallKernelsEnd, start);
    append_part(arenas, main, 0, std::min(kSmallKernelsEnd, start));
    arenas.insert(arenas.end(), low.begin() + 1, low.end());
  }
  for (const Range& range : free) append_part(arenas, range, kFourGiB, ~Phys{0});
  return arenas;
}

}  // namespace

ImageMemory::ImageMemory(Platform& platform)
    : platform_(platform), arenas_(arenas_of(platform.memory().free_ranges())) {}

/// Free parts of the arenas, in the arenas' order, ascending within each.
std::vector<Range> ImageMemory::holes() const {
  std::vector<Range> holes;
  for (const Range& arena : arenas_) {
    Phys at = arena.start;
    for (const Range& used : used_) {
      if (!used.overlaps(arena)) continue;
      if (used.start > at) holes.push_back({at, used.start});
      at = used.end;
    }
    if (at < arena.end) holes.push_back({at, arena.end});
  }
  return holes;
}

Result<ImageMemory::Copies> ImageMemory::copy() const {
  Copies copies;
  for (const Range& used : used_) {
    copies.push_back({used, std::unique_ptr<uint8_t[]>(new (std::nothrow) uint8_t[used.size()])});
    if (!copies.back().data)
      return Error{Errc::NoSpace,
                   cat("no memory to keep registered images of ", human_size(used.size()),
                       " for when it returns; use imgfree first")};
    std::memcpy(copies.back().data.get(), platform_.ram(used.start), used.size());
  }
  return copies;
}

void ImageMemory::restore(const Copies& copies) {
  for (const Copy& copy : copies)
    std::memcpy(platform_.ram(copy.range.start), copy.data.get(), copy.range.size());
}

uint64_t ImageMemory::free_bytes() const {
  uint64_t bytes = 0;
  for (const Range& hole : holes()) bytes += hole.size();
  return bytes;
}

uint64_t ImageMemory::largest_hole() const {
  uint64_t bytes = 0;
  for (const Range& hole : holes()) bytes = std::max(bytes, hole.size());
  return bytes;
}

Error ImageMemory::no_space(uint64_t bytes) const {
  return {Errc::NoSpace,
          cat("not enough memory: needs ", human_size(bytes), ", free ", human_size(free_bytes()),
              ", largest hole ", human_size(largest_hole()),
              "; free images that are not needed (imgfree), or give the machine more memory")};
}

Result<ImageMemory::Block> ImageMemory::allocate(uint64_t bytes) {
  if (bytes > ~uint64_t{0} - kPage) return no_space(bytes);
  uint64_t capacity = std::max(round_up(bytes), kPage);
  for (const Range& hole : holes()) {
    if (hole.size() < capacity) continue;
    Range range{hole.start, hole.start + capacity};
    auto next =
        std::ranges::find_if(used_, [&](const Range& used) { return used.start > range.start; });
    used_.insert(next, range);
    return Block{range.start, capacity};
  }
  return no_space(bytes);
}

void ImageMemory::resize(const Block& block, uint64_t capacity) {
  for (Range& used : used_)
    if (used.start == block.start) used.end = used.start + capacity;
}

Status ImageMemory::grow(Block& block, uint64_t bytes, uint64_t used) {
  if (bytes <= block.capacity) return ok_status();
  if (bytes > ~uint64_t{0} - kPage) return no_space(bytes);
  uint64_t wanted = round_up(bytes);
  Phys end = block.start + block.capacity;
  for (const Range& hole : holes()) {
    if (hole.start != end || hole.size() < wanted - block.capacity) continue;
    resize(block, wanted);
    block.capacity = wanted;
    return ok_status();
  }
  Block moved = TRY(allocate(bytes));
  std::memcpy(data(moved), data(block), used);
  free(block);
  block = moved;
  return ok_status();
}

void ImageMemory::trim(Block& block, uint64_t bytes) {
  uint64_t kept = std::max(round_up(bytes), kPage);
  if (kept > block.capacity) return;
  std::memset(data(block) + bytes, 0, kept - bytes);
  resize(block, kept);
  block.capacity = kept;
}

void ImageMemory::free(const Block& block) {
  std::erase_if(used_, [&](const Range& used) { return used.start == block.start; });
}

void ImageMemory::withdraw(Range range) {
  used_.insert(std::upper_bound(used_.begin(), used_.end(), range,
                                [](const Range& a, const Range& b) { return a.start < b.start; }),
               range);
}

}  // namespace hawser
