#include "src/image/httpboot.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/image/elf.h"
#include "src/image/multiboot_parts.h"
#include "src/image/placement.h"

namespace hawser::httpboot {
namespace {

constexpr uint64_t kPage = 4096;
constexpr size_t kVersionAt = 8, kCountAt = 12;

Error bad(Errc code, std::string_view why) { return {code, cat("httpboot: ", why)}; }

Range pages_of(Phys start, uint64_t bytes) {
  return {start & ~(kPage - 1), (start + bytes + kPage - 1) & ~(kPage - 1)};
}

/// By address. What lies in the zeros of another segment cuts them in two.
Result<std::vector<Segment>> arrange(elf::Program& program, const MemoryMap& memory) {
  elf::sort_by_address(program);
  std::vector<Segment> segments;
  Phys zeros_end = 0;
  for (const elf::LoadSegment& each : program.segments) {
    Phys end = each.to + each.memory_bytes;
    std::string where = cat("the kernel's 0x", hex(each.to), " to 0x", hex(end));
    if (!memory.is_ram({each.to, end}))
      return bad(Errc::Range, cat(where, " is not all RAM on this machine"));
    if (!segments.empty() && each.to < zeros_end) {
      Segment& before = segments.back();
      before.memory_bytes = each.to - before.to;
      if (before.memory_bytes < before.from.size())
        return bad(Errc::Invalid, cat(where, " overlaps another segment"));
      if (before.memory_bytes == 0) segments.pop_back();
    }
    zeros_end = std::max(zeros_end, end);
    segments.push_back({each.to, each.from, zeros_end - each.to, "kernel"});
  }
  return segments;
}

void put_list(MutBytes block, const std::vector<Range>& ranges) {
  std::fill(block.begin(), block.end(), uint8_t{0});
  write_le(block.data(), kMagic);
  write_le(block.data() + kVersionAt, kVersion);
  write_le(block.data() + kCountAt, uint32_t(ranges.size()));
  uint8_t* row = block.data() + kRegionsAt;
  for (const Range& range : ranges) {
    write_le(row, range.start);
    write_le(row + 8, range.size());
    row += kRegionBytes;
  }
}

std::vector<Range> read_list(Bytes block) {
  std::vector<Range> ranges;
  uint32_t count = *read_le<uint32_t>(block, kCountAt);
  for (size_t at = kRegionsAt; ranges.size() < count && fits(at, kRegionBytes, block.size());
       at += kRegionBytes) {
    Phys start = *read_le<uint64_t>(block, at);
    ranges.push_back({start, start + *read_le<uint64_t>(block, at + 8)});
  }
  return ranges;
}

}  // namespace

bool probe(Bytes file) { return elf::is_elf(file) && elf::symbol(file, kEntrySymbol).has_value(); }

Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine) {
  if (!machine.firmware.efi)
    return bad(Errc::Unsupported, "the kernel starts where UEFI firmware was, and this is a BIOS");
  if (!modules.empty())
    return bad(Errc::Unsupported, cat("the kernel cannot be given other files: imgfree ",
                                      printable(modules.front()->name)));
  if (kernel.cmdline && !kernel.cmdline->empty())
    return bad(Errc::Unsupported, "the kernel cannot be given arguments");
  elf::Program program = TRY(elf::read(kernel.data));
  auto symbol = elf::symbol(kernel.data, kEntrySymbol);
  if (!symbol) return bad(Errc::Invalid, cat("it has no symbol ", kEntrySymbol));
  Phys entry = TRY(elf::physical(program, *symbol));

  LoadPlan plan;
  plan.segments = TRY(arrange(program, machine.memory));
  // The firmware's own memory is free by then.
  Placement placement{MemoryMap(machine.memory.regions())};
  Phys first = plan.segments.front().to;
  const Segment& last = plan.segments.back();
  Range whole = pages_of(first, last.to + last.memory_bytes - first);
  placement.take(whole);
  auto place = placement.highest(kBlockBytes, {multiboot::kOneMiB, multiboot::kFourGiB - 1});
  if (!place) return bad(Errc::NoSpace, "no room for what the kernel is told of memory");

  std::vector<uint8_t> block(kBlockBytes);
  put_list(block, {whole, pages_of(*place, kBlockBytes)});
  plan.place(*place, std::move(block), "memory regions");
  plan.final_map = FinalMap{.data = plan.owned.back(), .put = put_regions};
  plan.entry = LongModeEntry{.rip = entry, .rdi = *place};
  return plan;
}

void put_regions(MutBytes block, const LeftBehind& left) {
  MemoryMap memory = left.memory;
  for (const Range& range : read_list(block)) memory.claim(range);
  std::vector<Range> regions = memory.free_ranges();
  // The block has room for more, but AxVisor stops when there are.
  while (regions.size() > multiboot::kMostRamEntries)
    regions.erase(std::min_element(regions.begin(), regions.end(),
                                   [](Range a, Range b) { return a.size() < b.size(); }));
  put_list(block, regions);
}

}  // namespace hawser::httpboot
