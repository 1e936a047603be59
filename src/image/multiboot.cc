#include "src/image/multiboot.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/image/elf.h"
#include "src/image/multiboot_info.h"
#include "src/image/placement.h"

namespace hawser::multiboot {
namespace {

constexpr uint32_t kHeaderMagic = 0x1badb002, kLoaderMagic = 0x2badb002;  // §3.1.1, §3.2
constexpr uint64_t kSearchBytes = 8192, kHeaderBytes = 12, kAddressFieldsEnd = 32;
constexpr uint32_t kVideoMode = 1u << 2, kAddressFields = 1u << 16;
/// Bits 0 to 15 are demands. 0 (modules on page boundaries) and 1 (memory information) are always
/// met.
constexpr uint32_t kKnownDemands = 0x3, kDemands = 0xffff;

constexpr Phys kFourGiB = Phys{1} << 32, kOneMiB = 0x100000;
/// Below lie the interrupt table, the BIOS data area and boot sector code; above, from 640 KiB on,
/// nothing is RAM.
constexpr Range kLowMemory{0x10000, 0xa0000};

struct Header {
  uint64_t at = 0;  ///< offset in the file
  uint32_t flags = 0;
};

std::optional<Header> find_header(Bytes file) {
  for (uint64_t at = 0; at < kSearchBytes; at += 4) {
    auto bytes = slice(file, at, kHeaderBytes);
    if (!bytes || at + kHeaderBytes > kSearchBytes) break;
    uint32_t flags = *read_le<uint32_t>(*bytes, 4), checksum = *read_le<uint32_t>(*bytes, 8);
    if (read_le<uint32_t>(*bytes, 0) == kHeaderMagic && kHeaderMagic + flags + checksum == 0)
      return Header{at, flags};
  }
  return std::nullopt;
}

Error bad(Errc code, std::string_view why) { return {code, cat("Multiboot: ", why)}; }

/// The form without ELF: addresses in the header itself (§3.1.3).
Result<elf::Program> read_address_fields(Bytes file, const Header& header) {
  if (!fits(header.at, kAddressFieldsEnd, file.size()))
    return bad(Errc::Invalid, "the file is truncated within its header");
  auto field = [&](uint64_t at) { return uint64_t{*read_le<uint32_t>(file, header.at + at)}; };
  uint64_t header_addr = field(12), load_addr = field(16), load_end_addr = field(20),
           bss_end_addr = field(24), entry_addr = field(28);
  if (header_addr < load_addr || header_addr - load_addr > header.at)
    return bad(Errc::Invalid, cat("header_addr 0x", hex(header_addr), " and load_addr 0x",
                                  hex(load_addr), " point before the start of the file"));
  uint64_t file_at = header.at - (header_addr - load_addr);
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

Result<elf::Program> read_program(Bytes file) {
  auto header = find_header(file);
  if (!header) return bad(Errc::Invalid, "no header in the first 8192 bytes");
  if (header->flags & kVideoMode)
    return bad(Errc::Unsupported,
               "the kernel asks for a video mode (flags bit 2), which cannot be "
               "set; the serial and text consoles work");
  if (uint32_t unknown = header->flags & kDemands & ~kKnownDemands)
    return bad(Errc::Unsupported,
               cat("the kernel asks for unknown features (flags 0x", hex(unknown), ")"));
  if (header->flags & kAddressFields) return read_address_fields(file, *header);
  if (!elf::is_elf(file))
    return bad(Errc::Invalid, "the header has no addresses, and the file is no ELF file");
  auto program = elf::read(file);
  if (!program.ok()) return std::move(program).error().in("Multiboot");
  return program;
}

/// First word of a command line: where the file came from, without user and password.
std::string origin(const Image& image) {
  if (!image.uri) return image.name;
  Uri uri = *image.uri;
  uri.user.clear();
  uri.password.clear();
  return to_string(uri);
}

std::string command_line(const Image& image) {
  std::string text = origin(image);
  if (image.cmdline && !image.cmdline->empty()) text += cat(' ', *image.cmdline);
  return text;
}

/// Adds the kernel to the plan. Its places are then taken.
Status add_kernel(LoadPlan& plan, Placement& placement, const elf::Program& program,
                  const MemoryMap& memory) {
  for (const elf::LoadSegment& segment : program.segments) {
    Range range{segment.to, segment.to + segment.memory_bytes};
    std::string where = cat("the kernel's 0x", hex(range.start), " to 0x", hex(range.end));
    if (range.end > kFourGiB)
      return bad(Errc::Range, cat(where, " lies above 4 GiB, out of reach of a 32-bit entry"));
    if (!memory.is_ram(range))
      return bad(Errc::Range, cat(where, " is not all RAM on this machine"));
    if (!memory.is_free(range))
      return bad(Errc::Range, cat(where, " overlaps memory that Hawser itself runs in"));
    if (!placement.is_free(range)) return bad(Errc::Range, cat(where, " overlaps another segment"));
    placement.take(range);
    plan.segments.push_back({segment.to, segment.from, segment.memory_bytes, "kernel"});
  }
  return ok_status();
}

/// Adds the modules: first those that can stay where they are, then the others wherever there is
/// room.
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

/// Adds the information structure, below 1 MiB if there is room. Returns where it lies.
Result<uint32_t> add_info(LoadPlan& plan, Placement& placement, const std::string& cmdline,
                          const std::vector<Module>& modules, const MemoryMap& memory) {
  uint64_t bytes = make_info(0, cmdline, modules, memory).size();
  auto place = placement.lowest(bytes, kLowMemory);
  if (!place) place = placement.highest(bytes, {kOneMiB, kFourGiB - 1});
  if (!place) return bad(Errc::NoSpace, "no room for the kernel's command lines and memory map");
  plan.place(*place, make_info(uint32_t(*place), cmdline, modules, memory),
             "Multiboot information");
  return uint32_t(*place);
}

}  // namespace

bool probe(Bytes file) { return find_header(file).has_value(); }

Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const MemoryMap& memory) {
  elf::Program program = TRY(read_program(kernel.data));
  LoadPlan plan;
  Placement placement(memory);
  TRY(add_kernel(plan, placement, program, memory));
  std::vector<Module> placed = TRY(add_modules(plan, placement, modules));
  uint32_t info = TRY(add_info(plan, placement, command_line(kernel), placed, memory));
  plan.entry = ProtectedModeEntry{
      .eip = uint32_t(program.entry), .eax = kLoaderMagic, .ebx = info, .esi = 0};
  return plan;
}

}  // namespace hawser::multiboot
