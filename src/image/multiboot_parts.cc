#include "src/image/multiboot_parts.h"

#include <algorithm>
#include <functional>

#include "src/base/format.h"
#include "src/base/sort.h"

namespace hawser::multiboot {
namespace {

/// First word of a command line: where the file came from, without user and password.
std::string origin(const Image& image) {
  if (!image.uri) return image.name;
  Uri uri = *image.uri;
  uri.user.clear();
  uri.password.clear();
  return to_string(uri);
}

}  // namespace

Error bad(Errc code, std::string_view why) { return {code, cat("Multiboot: ", why)}; }

Result<elf::Program> read_address_fields(Bytes file, const AddressFields& fields) {
  auto [header_at, header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr] = fields;
  if (header_addr < load_addr || header_addr - load_addr > header_at)
    return bad(Errc::Invalid, cat("header_addr 0x", hex(header_addr), " and load_addr 0x",
                                  hex(load_addr), " point before the start of the file"));
  uint64_t file_at = header_at - (header_addr - load_addr);
  uint64_t there = file.size() - file_at;
  if (load_end_addr != 0 && load_end_addr < load_addr)
    return bad(Errc::Invalid, cat("load_end_addr 0x", hex(load_end_addr), " is below load_addr 0x",
                                  hex(load_addr)));
  uint64_t bytes = load_end_addr == 0 ? there : load_end_addr - load_addr;
  if (bytes > there)
    return bad(Errc::Invalid, cat("the file is truncated: it should have ", file_at + bytes,
                                  " bytes and has ", file.size()));
  uint64_t memory_bytes = bytes;
  if (bss_end_addr != 0) {
    if (bss_end_addr < load_addr + bytes)
      return bad(Errc::Invalid,
                 cat("bss_end_addr 0x", hex(bss_end_addr), " is below the end of what is loaded"));
    memory_bytes = bss_end_addr - load_addr;
  }
  if (entry_addr < load_addr || entry_addr - load_addr >= memory_bytes)
    return bad(Errc::Invalid, cat("entry_addr 0x", hex(entry_addr), " lies outside the kernel"));
  return elf::Program{{{load_addr, load_addr, file.subspan(file_at, bytes), memory_bytes}},
                      entry_addr};
}

std::string command_line(const Image& image) {
  std::string text = origin(image);
  if (image.cmdline && !image.cmdline->empty()) text += cat(' ', *image.cmdline);
  return text;
}

Status add_kernel(LoadPlan& plan, Placement& placement, const elf::Program& program,
                  const MemoryMap& memory, Beside beside) {
  for (const elf::LoadSegment& segment : program.segments) {
    Range range{segment.to, segment.to + segment.memory_bytes};
    std::string where = cat("the kernel's 0x", hex(range.start), " to 0x", hex(range.end));
    if (range.end > kFourGiB)
      return bad(Errc::Range, cat(where, " lies above 4 GiB, out of reach of a 32-bit entry"));
    if (!memory.is_ram(range))
      return bad(Errc::Range, cat(where, " is not all RAM on this machine"));
    if (beside != Beside::Nobody && !memory.is_free(range))
      return bad(Errc::Range, cat(where, " overlaps memory that Hawser itself runs in"));
    for (const Segment& other : plan.segments)
      if (range.overlaps({other.to, other.to + other.memory_bytes}))
        return bad(Errc::Range, cat(where, " overlaps another segment"));
    placement.take(range);
    plan.segments.push_back({segment.to, segment.from, segment.memory_bytes, "kernel"});
  }
  return ok_status();
}

Result<uint32_t> add_info(LoadPlan& plan, const Placement& placement, const MemoryMap& memory,
                          Beside beside,
                          const std::function<std::vector<uint8_t>(uint32_t at)>& make) {
  // Below lie the interrupt table, the BIOS data area and boot sector code; above, from 640 KiB on,
  // nothing is RAM.
  constexpr Range kLowMemory{0x10000, 0xa0000};
  uint64_t bytes = make(0).size();
  std::optional<Phys> place;
  if (beside == Beside::Nobody) {
    Placement all{MemoryMap(memory.regions())};
    for (const Segment& segment : plan.segments)
      all.take({segment.to, segment.to + segment.memory_bytes});
    place = all.lowest(bytes, kLowMemory);
  } else if (beside == Beside::Hawser) {
    place = placement.lowest(bytes, kLowMemory);
  }
  if (!place) place = placement.highest(bytes, {kOneMiB, kFourGiB - 1});
  if (!place) return bad(Errc::NoSpace, "no room for the kernel's command lines and memory map");
  plan.place(*place, make(uint32_t(*place)), "Multiboot information");
  return uint32_t(*place);
}

Result<std::vector<Module>> add_modules(LoadPlan& plan, Placement& placement,
                                        const std::vector<const Image*>& images) {
  std::vector<std::optional<Phys>> places(images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    Range here{images[i]->phys, images[i]->phys + images[i]->data.size()};
    if (here.start < kOneMiB || here.end > kFourGiB || !placement.is_free(here)) continue;
    placement.take(here);
    places[i] = here.start;
  }
  std::vector<Module> modules;
  for (size_t i = 0; i < images.size(); ++i) {
    uint64_t bytes = images[i]->data.size();
    constexpr Range kAnywhere{kOneMiB, kFourGiB - 1};
    if (!places[i]) places[i] = placement.highest(bytes, kAnywhere);
    if (!places[i])
      return bad(Errc::NoSpace, cat("no room for module ", images[i]->name, " of ",
                                    human_size(bytes), " below 4 GiB: the largest free range has ",
                                    human_size(placement.largest(kAnywhere))));
    placement.take({*places[i], *places[i] + bytes});
    if (bytes > 0) plan.segments.push_back({*places[i], images[i]->data, bytes, "module"});
    modules.push_back(
        {uint32_t(*places[i]), uint32_t(*places[i] + bytes), command_line(*images[i])});
  }
  return modules;
}

uint32_t kib_from(const MemoryMap& memory, Phys start, Phys limit) {
  for (const MemoryRegion& region : memory.regions()) {
    if (region.type != MemoryType::Ram || region.range.start > start || region.range.end <= start)
      continue;
    return uint32_t(
        std::min((std::min(region.range.end, limit) - start) / 1024, uint64_t{~uint32_t{0}}));
  }
  return 0;
}

std::vector<MemoryRegion> regions_to_tell(const MemoryMap& memory) {
  std::vector<uint64_t> sizes;
  for (const MemoryRegion& region : memory.regions())
    if (region.type == MemoryType::Ram) sizes.push_back(region.range.size());
  if (sizes.size() <= kMostRamEntries) return memory.regions();
  sort(sizes, std::greater<>());
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

}  // namespace hawser::multiboot
