#include "src/image/multiboot_info.h"

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
constexpr uint64_t kLowMemoryEnd = 0xa0000;

void put_memory_map(Builder& info, uint32_t at, const MemoryMap& memory) {
  size_t start = info.size();
  for (const MemoryRegion& region : regions_to_tell(memory)) {
    info.put(kMmapEntryBytes);
    info.put(region.range.start);
    info.put(region.range.size());
    info.put(uint32_t(region.type));
  }
  info.set(kMmapAddr, uint32_t(at + start));
  info.set(kMmapLength, uint32_t(info.size() - start));
}

}  // namespace

std::vector<uint8_t> make_info(uint32_t at, const std::string& cmdline,
                               const std::vector<Module>& modules, const MemoryMap& memory) {
  Builder info;
  auto put_text = [&](size_t pointer, std::string_view text) {
    info.set(pointer, uint32_t(at + info.size()));
    info.text(text);
  };
  info.zeros(kInfoBytes);
  info.set(kFlags, kHasMemory | kHasCmdline | kHasModules | kHasMmap | kHasLoaderName);
  info.set(kMemLower, kib_from(memory, 0, kLowMemoryEnd));
  info.set(kMemUpper, kib_from(memory, kOneMiB, ~Phys{0}));
  info.align(8);
  put_memory_map(info, at, memory);

  info.align(8);
  size_t row = info.size();
  info.set(kModsCount, uint32_t(modules.size()));
  info.set(kModsAddr, uint32_t(at + row));
  info.zeros(modules.size() * kModuleBytes);
  for (const Module& module : modules) {
    info.set(row, module.start);
    info.set(row + 4, module.end);
    put_text(row + 8, module.text);
    row += kModuleBytes;
  }
  put_text(kCmdline, cmdline);
  put_text(kBootLoaderName, cat("Hawser ", kVersion));
  return info.take();
}

}  // namespace hawser::multiboot
