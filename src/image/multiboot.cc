#include "src/image/multiboot.h"

#include "src/base/format.h"
#include "src/image/multiboot2.h"
#include "src/image/multiboot_info.h"

namespace hawser::multiboot {
namespace {

constexpr uint32_t kHeaderMagic = 0x1badb002, kLoaderMagic = 0x2badb002;  // §3.1.1, §3.2
constexpr uint64_t kSearchBytes = 8192, kHeaderBytes = 12, kAddressFieldsEnd = 32;
constexpr uint32_t kVideoMode = 1u << 2, kAddressFields = 1u << 16;
/// Bits 0 to 15 are demands. 0 (modules on page boundaries) and 1 (memory information) are always
/// met.
constexpr uint32_t kKnownDemands = 0x3, kDemands = 0xffff;

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

/// The form without ELF: addresses in the header itself (§3.1.3).
Result<elf::Program> read_by_addresses(Bytes file, const Header& header) {
  if (!fits(header.at, kAddressFieldsEnd, file.size()))
    return bad(Errc::Invalid, "the file is truncated within its header");
  auto field = [&](uint64_t at) { return uint64_t{*read_le<uint32_t>(file, header.at + at)}; };
  return read_address_fields(file,
                             {header.at, field(12), field(16), field(20), field(24), field(28)});
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
  if (header->flags & kAddressFields) return read_by_addresses(file, *header);
  if (!elf::is_elf(file))
    return bad(Errc::Invalid, "the header has no addresses, and the file is no ELF file");
  auto program = elf::read(file);
  if (!program.ok()) return std::move(program).error().in("Multiboot");
  return program;
}

}  // namespace

bool probe(Bytes file) { return find_header(file).has_value(); }

namespace {
Result<LoadPlan> load_as_first(const Image& kernel, const std::vector<const Image*>& modules,
                               const Machine& machine) {
  const MemoryMap& memory = machine.memory;
  Beside beside = machine.firmware.efi ? Beside::Nobody : Beside::Hawser;
  elf::Program program = TRY(read_program(kernel.data));
  LoadPlan plan;
  Placement placement(memory);
  TRY(add_kernel(plan, placement, program, memory, beside));
  std::vector<Module> placed = TRY(add_modules(plan, placement, modules));
  uint32_t info = TRY(add_info(plan, placement, memory, beside, [&](uint32_t at) {
    return make_info(at, command_line(kernel), placed, memory);
  }));
  plan.entry = ProtectedModeEntry{
      .eip = uint32_t(program.entry), .eax = kLoaderMagic, .ebx = info, .esi = 0};
  return plan;
}
}  // namespace

Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine) {
  if (!multiboot2::probe(kernel.data)) return load_as_first(kernel, modules, machine);
  if (machine.firmware.efi) return multiboot2::load(kernel, modules, machine);
  auto first = load_as_first(kernel, modules, machine);
  if (first.ok()) return first;
  auto second = multiboot2::load(kernel, modules, machine);
  return second.ok() ? std::move(second) : std::move(first);
}

}  // namespace hawser::multiboot
