#include "src/image/multiboot_info.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "src/base/bytes.h"
#include "src/base/format.h"
#include "src/version.h"

namespace hawser::multiboot {
namespace {

// Offsets and flags of the structure.
constexpr size_t kFlags = 0, kMemLower = 4, kMemUpper = 8, kCmdline = 16, kModsCount = 20,
                 kModsAddr = 24, kMmapLength = 44, kMmapAddr = 48, kBootLoaderName = 64,
                 kInfoBytes = 116;
constexpr uint32_t kHasMemory = 1u << 0, kHasCmdline = 1u << 2, kHasModules = 1u << 3,
                   kHasMmap = 1u << 6, kHasLoaderName = 1u << 9;
constexpr size_t kModuleBytes = 16;
constexpr uint32_t kMmapEntryBytes = 20;  // without the size field in front
constexpr uint64_t kOneMiB = 0x100000, kLowMemoryEnd = 0xa0000;

/// Builds the block from front to back, with absolute addresses.
class Builder {
 public:
  explicit Builder(uint32_t at) : at_(at) {}
  uint32_t here() const { return at_ + uint32_t(bytes_.size()); }
  template <class T>
  void put(T value) {
    bytes_.resize(bytes_.size() + sizeof(T));
    write_le(bytes_.data() + bytes_.size() - sizeof(T), value);
  }
  void set(size_t offset, uint32_t value) { write_le(bytes_.data() + offset, value); }
  void zeros(size_t count) { bytes_.resize(bytes_.size() + count); }
  uint32_t text(const std::string& text) {
    uint32_t at = here();
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    bytes_.push_back(0);
    return at;
  }
  void align(size_t boundary) {
    while (bytes_.size() % boundary != 0) bytes_.push_back(0);
  }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  uint32_t at_;
  std::vector<uint8_t> bytes_;
};

/// KiB of RAM from `start` to the first hole, as mem_lower and mem_upper count it.
uint32_t kib_from(const MemoryMap& memory, Phys start, Phys limit) {
  for (const MemoryRegion& region : memory.regions()) {
    if (region.type != MemoryType::Ram || region.range.start > start || region.range.end <= start)
      continue;
    return uint32_t(
        std::min((std::min(region.range.end, limit) - start) / 1024, uint64_t{~uint32_t{0}}));
  }
  return 0;
}

void put_memory_map(Builder& info, const MemoryMap& memory) {
  uint32_t start = info.here();
  for (const MemoryRegion& region : regions_to_tell(memory)) {
    info.put(kMmapEntryBytes);
    info.put(region.range.start);
    info.put(region.range.size());
    info.put(uint32_t(region.type));
  }
  info.set(kMmapAddr, start);
  info.set(kMmapLength, info.here() - start);
}

}  // namespace

std::vector<MemoryRegion> regions_to_tell(const MemoryMap& memory) {
  std::vector<uint64_t> sizes;
  for (const MemoryRegion& region : memory.regions())
    if (region.type == MemoryType::Ram) sizes.push_back(region.range.size());
  if (sizes.size() <= kMostRamEntries) return memory.regions();
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  uint64_t least = sizes[kMostRamEntries - 1];
  size_t at_least = size_t(std::count(sizes.begin(), sizes.begin() + kMostRamEntries, least));
  std::vector<MemoryRegion> told;
  for (const MemoryRegion& region : memory.regions()) {
    uint64_t size = region.range.size();
    bool keep = region.type != MemoryType::Ram || size > least;
    if (!keep && size == least && at_least > 0) {
      keep = true;
      --at_least;
    }
    if (keep) told.push_back(region);
  }
  return told;
}

std::vector<uint8_t> make_info(uint32_t at, const std::string& cmdline,
                               const std::vector<Module>& modules, const MemoryMap& memory) {
  Builder info(at);
  info.zeros(kInfoBytes);
  info.set(kFlags, kHasMemory | kHasCmdline | kHasModules | kHasMmap | kHasLoaderName);
  info.set(kMemLower, kib_from(memory, 0, kLowMemoryEnd));
  info.set(kMemUpper, kib_from(memory, kOneMiB, ~Phys{0}));
  info.align(8);
  put_memory_map(info, memory);

  info.align(8);
  uint32_t rows = info.here();
  size_t rows_offset = rows - at;
  info.set(kModsCount, uint32_t(modules.size()));
  info.set(kModsAddr, rows);
  info.zeros(modules.size() * kModuleBytes);
  for (size_t i = 0; i < modules.size(); ++i) {
    size_t row = rows_offset + i * kModuleBytes;
    info.set(row, modules[i].start);
    info.set(row + 4, modules[i].end);
    info.set(row + 8, info.text(modules[i].text));
  }
  info.set(kCmdline, info.text(cmdline));
  info.set(kBootLoaderName, info.text(cat("Hawser ", kVersion)));
  return info.take();
}

}  // namespace hawser::multiboot
