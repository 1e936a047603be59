// What every load plan must fulfil, whatever file it was made from.
#pragma once

#include <cstdlib>

#include "src/image/image.h"

namespace hawser::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline bool inside(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// A machine with the holes and claims of a real one. Bits of `variant` choose its size.
inline MemoryMap machine(uint8_t variant) {
  static constexpr uint64_t kMiB = 1 << 20,
                            kSizes[] = {32 * kMiB, 128 * kMiB, 1024 * kMiB, 3072 * kMiB};
  uint64_t ram = kSizes[variant & 3];
  std::vector<MemoryRegion> regions{
      {{0, 0x9fc00}, MemoryType::Ram},
      {{0x9fc00, 0x100000}, MemoryType::Reserved},
      {{0x100000, ram}, MemoryType::Ram},
      {{15 * kMiB, 15 * kMiB + (variant & 4 ? 0x1000u : 0)}, MemoryType::Reserved}};
  if (variant & 8) regions.push_back({{4096 * kMiB, 8192 * kMiB}, MemoryType::Ram});
  MemoryMap map(regions);
  map.claim({ram - 8 * kMiB, ram});
  map.claim({0x9b000, 0x9fc00});
  return map;
}

/// Modules at places that a kernel may want as well. `data` is borrowed.
inline std::vector<Image> modules_of(uint8_t variant, Bytes data) {
  static constexpr Phys kPlaces[] = {0x100000, 0x6000000, 0x6001000, Phys{5} << 30, 0x1800000};
  std::vector<Image> modules;
  for (uint8_t i = 0; i < (variant >> 4 & 7); ++i) {
    Image module;
    module.name = "module";
    module.data = data.first(std::min<size_t>(data.size(), i * 1000u));
    module.phys = kPlaces[i % 5];
    if (i & 1) module.cmdline = "etc/file mode=0600 mkdir=1";
    modules.push_back(std::move(module));
  }
  return modules;
}

/// Destinations are RAM and do not overlap, sources lie inside the files or belong to the plan.
inline void check(const LoadPlan& plan, const Image& kernel, const std::vector<Image>& modules,
                  const MemoryMap& memory) {
  for (const Segment& segment : plan.segments) {
    require(segment.memory_bytes >= segment.from.size());
    require(segment.memory_bytes <= ~uint64_t{0} - segment.to);
    require(memory.is_ram({segment.to, segment.to + segment.memory_bytes}));
    bool known = inside(segment.from, kernel.data);
    for (const Image& module : modules) known |= inside(segment.from, module.data);
    for (const auto& owned : plan.owned) known |= inside(segment.from, owned);
    require(known);
    for (const Segment& other : plan.segments) {
      Range a{segment.to, segment.to + segment.memory_bytes};
      Range b{other.to, other.to + other.memory_bytes};
      require(&segment == &other || !a.overlaps(b));
    }
  }
}

/// True when a segment covers `at`.
inline bool loaded(const LoadPlan& plan, Phys at) {
  for (const Segment& segment : plan.segments)
    if (at >= segment.to && at - segment.to < segment.memory_bytes) return true;
  return false;
}

}  // namespace hawser::fuzz
