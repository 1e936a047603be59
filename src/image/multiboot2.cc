#include "src/image/multiboot2.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/image/multiboot2_header.h"
#include "src/image/multiboot2_info.h"
#include "src/image/multiboot_parts.h"

namespace hawser::multiboot2 {
namespace {

using multiboot::bad;
using multiboot::kFourGiB;
using multiboot::kOneMiB;

constexpr uint32_t kLoaderMagic = 0x36d76289;  // §3.4
constexpr uint32_t kFromFileStart = 0xffffffff;
constexpr Range kAboveOneMiB{kOneMiB, kFourGiB - 1};

Result<elf::Program> read_program(Bytes file, const Header& header) {
  if (const auto& a = header.addresses) {
    uint64_t load = a->load;
    if (a->load == kFromFileStart) {
      if (header.at > a->header) return bad(Errc::Invalid, "the file would start below address 0");
      load = a->header - header.at;
    }
    return multiboot::read_address_fields(
        file, {header.at, a->header, load, a->load_end, a->bss_end, *header.entry});
  }
  if (!elf::is_elf(file))
    return bad(Errc::Invalid, "the header has no addresses, and the file is no ELF file");
  auto program = elf::read(file);
  if (!program.ok()) return std::move(program).error().in("Multiboot");
  if (header.entry) program->entry = *header.entry;
  return program;
}

/// From the first to the last byte of the kernel.
Range extent(const elf::Program& program) {
  Range all = {~Phys{0}, 0};
  for (const elf::LoadSegment& segment : program.segments) {
    all.start = std::min(all.start, segment.to);
    all.end = std::max(all.end, segment.to + segment.memory_bytes);
  }
  return all;
}

bool all_free(const elf::Program& program, const Placement& placement) {
  return std::ranges::all_of(program.segments, [&](const auto& segment) {
    return placement.is_free({segment.to, segment.to + segment.memory_bytes});
  });
}

/// A place for `bytes` as the kernel likes it best.
std::optional<Phys> choose(const Placement& placement, uint64_t bytes, const Relocatable& limits) {
  Range within{std::max<Phys>(limits.min, kOneMiB), std::min<Phys>(limits.max, kFourGiB - 1) + 1};
  uint64_t align = std::max<uint64_t>(limits.align, Placement::kPage);
  if (limits.preference == Relocatable::Highest) return placement.highest(bytes, within, align);
  return placement.lowest(bytes, within, align);
}

/// Where the kernel's extent starts: where it was linked to, or where its header allows it to go.
/// Modules that lie where they can stay are not driven away if that can be helped.
Result<Phys> find_place(const elf::Program& program, const Header& header,
                        const Placement& placement, const std::vector<const Image*>& modules) {
  Range all = extent(program);
  if (!header.relocatable) return all.start;
  const Relocatable& limits = *header.relocatable;
  Placement beside_modules = placement;
  for (const Image* module : modules)
    beside_modules.take({module->phys, module->phys + module->data.size()});
  bool may_stay = limits.preference == Relocatable::None && all.start >= limits.min &&
                  all.end - 1 <= limits.max && all.start % limits.align == 0;
  if (may_stay && all_free(program, beside_modules)) return all.start;
  if (auto place = choose(beside_modules, all.size(), limits)) return *place;
  if (auto place = choose(placement, all.size(), limits)) return *place;
  return bad(Errc::NoSpace,
             cat("no room for the kernel of ", human_size(all.size()), " between 0x",
                 hex(limits.min), " and 0x", hex(limits.max), ": the largest free range there has ",
                 human_size(placement.largest({limits.min, limits.max}))));
}

Status check_entry(const elf::Program& program, Phys entry) {
  for (const elf::LoadSegment& segment : program.segments)
    if (entry >= segment.to && entry - segment.to < segment.memory_bytes) return ok_status();
  return bad(Errc::Invalid, cat("the entry address 0x", hex(entry), " lies outside the kernel"));
}

/// Loads symbols and their names, which no segment holds, and enters where they are.
void add_symbols(LoadPlan& plan, Placement& placement, elf::Sections& sections) {
  for (const elf::Sections::Part& part : sections.unloaded) {
    auto place = placement.highest(part.data.size(), kAboveOneMiB);
    if (!place) continue;  // the kernel sees address 0 there: it can do without
    placement.take({*place, *place + part.data.size()});
    plan.segments.push_back({*place, part.data, part.data.size(), "symbols"});
    sections.set_address(part.row, *place);
  }
}

}  // namespace

bool probe(Bytes file) { return find_header(file).has_value(); }

Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine) {
  Header header = TRY(read_header(kernel.data));
  elf::Program program = TRY(read_program(kernel.data, header));
  bool for_efi = machine.firmware.efi && header.boot_services && header.efi64_entry;
  Phys entry = for_efi ? *header.efi64_entry : program.entry;
  TRY(check_entry(program, entry));

  Placement placement(machine.memory);
  Phys linked = extent(program).start;
  Phys moved_by = TRY(find_place(program, header, placement, modules)) - linked;  // may wrap
  for (elf::LoadSegment& segment : program.segments) segment.to += moved_by;
  entry += moved_by;

  LoadPlan plan;
  using multiboot::Beside;
  Beside beside = for_efi                ? Beside::Firmware
                  : machine.firmware.efi ? Beside::Nobody
                                         : Beside::Hawser;
  TRY(multiboot::add_kernel(plan, placement, program, machine.memory, beside));
  Facts facts{.cmdline = multiboot::command_line(kernel),
              .modules = TRY(multiboot::add_modules(plan, placement, modules)),
              .memory = for_efi ? nullptr : &machine.memory,
              .load_base = {},
              .sections = {},
              .firmware = machine.firmware,
              .boot_services = for_efi};
  if (header.relocatable) facts.load_base = uint32_t(linked + moved_by);
  if (header.wants_sections) facts.sections = elf::sections(kernel.data);
  if (facts.sections) add_symbols(plan, placement, *facts.sections);
  uint32_t info = TRY(multiboot::add_info(plan, placement, machine.memory, beside,
                                          [&](uint32_t) { return make_info(facts); }));
  if (facts.firmware.efi && !for_efi)
    plan.final_map = FinalMap{.data = plan.owned.back(), .put = put_final_map};
  if (for_efi) plan.entry = EfiEntry{.rip = entry, .eax = kLoaderMagic, .rbx = info};
  else
    plan.entry =
        ProtectedModeEntry{.eip = uint32_t(entry), .eax = kLoaderMagic, .ebx = info, .esi = 0};
  return plan;
}

}  // namespace hawser::multiboot2
