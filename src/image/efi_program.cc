#include "src/image/efi_program.h"

#include "src/base/format.h"
#include "src/image/initrd.h"

namespace hawser::efi_program {
namespace {

constexpr uint16_t kDosMagic = 0x5a4d;       // "MZ"
constexpr uint32_t kSignature = 0x00004550;  // "PE\0\0"
constexpr uint64_t kSignatureOffsetAt = 0x3c;
// From the signature on: the COFF header, then the optional header.
constexpr uint64_t kMachine = 4, kSectionCount = 6, kOptionalBytes = 20, kOptional = 24;
constexpr uint64_t kSubsystem = 68, kImageHeaders = 60;  // in the optional header
constexpr uint16_t kX86_64 = 0x8664, kPe32Plus = 0x20b;
constexpr uint64_t kSectionBytes = 40, kRawBytes = 16, kRawAt = 20;

Error bad(Errc code, std::string_view why) { return {code, cat("EFI program: ", why)}; }

std::string_view machine_name(uint16_t machine) {
  switch (machine) {
    case 0x14c:
      return "32-bit x86";
    case 0xaa64:
      return "64-bit ARM";
    case 0x1c0:
    case 0x1c2:
      return "32-bit ARM";
    case 0x5064:
      return "64-bit RISC-V";
    case 0x6264:
      return "LoongArch";
    default:
      return "another processor";
  }
}

/// From the signature on; nothing when this is no PE file.
std::optional<Bytes> pe_headers(Bytes file) {
  if (read_le<uint16_t>(file, 0) != kDosMagic) return std::nullopt;
  auto at = read_le<uint32_t>(file, kSignatureOffsetAt);
  if (!at || read_le<uint32_t>(file, *at) != kSignature) return std::nullopt;
  return file.subspan(*at);
}

Error truncated(uint64_t needed, uint64_t there) {
  return bad(Errc::Invalid, cat("the file is truncated: it should have at least ", needed,
                                " bytes and has ", there));
}

/// Every section lies in the file.
Status check_sections(Bytes file, Bytes headers, uint16_t optional_bytes) {
  uint64_t count = *read_le<uint16_t>(headers, kSectionCount);
  auto rows = slice(headers, kOptional + optional_bytes, count * kSectionBytes);
  if (!rows)
    return truncated(
        file.size() - headers.size() + kOptional + optional_bytes + count * kSectionBytes,
        file.size());
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t bytes = *read_le<uint32_t>(*rows, i * kSectionBytes + kRawBytes);
    uint64_t at = *read_le<uint32_t>(*rows, i * kSectionBytes + kRawAt);
    if (bytes > 0 && !fits(at, bytes, file.size())) return truncated(at + bytes, file.size());
  }
  return ok_status();
}

void add_files(Program& program, const Image& image, const std::vector<const Image*>& others) {
  program.files.push_back(ProgramFile::of(image.name, image.data));
  for (const Image* other : others)
    program.files.push_back(ProgramFile::of(other->name, other->data));
}

}  // namespace

bool probe(Bytes file) { return pe_headers(file).has_value(); }

Status check(Bytes file) {
  auto headers = pe_headers(file);
  if (!headers) return bad(Errc::Invalid, "the file has no PE header");
  auto optional_bytes = read_le<uint16_t>(*headers, kOptionalBytes);
  if (!optional_bytes) return truncated(file.size() - headers->size() + kOptional, file.size());
  uint16_t machine = *read_le<uint16_t>(*headers, kMachine);
  if (machine != kX86_64)
    return bad(Errc::Unsupported, cat("the file is for ", machine_name(machine), " (machine 0x",
                                      hex(machine), "), not for 64-bit x86"));
  auto magic = read_le<uint16_t>(*headers, kOptional);
  auto subsystem = read_le<uint16_t>(*headers, kOptional + kSubsystem);
  auto header_bytes = read_le<uint32_t>(*headers, kOptional + kImageHeaders);
  if (!subsystem) return truncated(file.size() - headers->size() + kOptional + 70, file.size());
  if (magic != kPe32Plus || *optional_bytes < 70)
    return bad(Errc::Unsupported, "the file is not of the form PE32+");
  constexpr uint16_t kApplication = 10, kRuntimeDriver = 12;
  if (*subsystem < kApplication || *subsystem > kRuntimeDriver)
    return bad(Errc::Unsupported,
               cat("the file is for subsystem ", *subsystem, " (Windows?), not for UEFI"));
  if (*header_bytes > file.size()) return truncated(*header_bytes, file.size());
  return check_sections(file, *headers, *optional_bytes);
}

Result<Program> prepare(const Image& image, const std::vector<const Image*>& others) {
  TRY(check(image.data));
  return with_head({}, image, others);
}

Program with_head(std::vector<uint8_t> head, const Image& image,
                  const std::vector<const Image*>& others) {
  Program program;
  program.name = image.name;
  program.image = image.data;
  program.head = std::move(head);
  program.arguments = image.name;
  if (image.cmdline && !image.cmdline->empty()) program.arguments += cat(' ', *image.cmdline);
  add_files(program, image, others);
  return program;
}

Result<Program> prepare_linux(const Image& kernel, const std::vector<const Image*>& initrds) {
  if (!probe(kernel.data))
    return Error{Errc::Unsupported,
                 "bzImage: the kernel cannot be started under UEFI: it was built "
                 "without EFI stub (CONFIG_EFI_STUB)"};
  TRY(check(kernel.data));
  Program program;
  program.name = kernel.name;
  program.image = kernel.data;
  program.arguments = kernel.cmdline.value_or("");
  add_files(program, kernel, initrds);
  Initrd initrd = TRY(make_initrd(initrds));
  if (initrd.bytes == 0) return program;
  ProgramFile whole{"initrd.magic", {}, initrd.bytes};
  for (InitrdPart& part : initrd.parts) {
    uint64_t header_bytes = part.header.size();
    program.owned.push_back(std::move(part.header));
    if (header_bytes > 0) whole.pieces.push_back({part.offset, program.owned.back()});
    if (!part.image->data.empty())
      whole.pieces.push_back({part.offset + header_bytes, part.image->data});
  }
  program.files.push_back(whole);
  program.initrd = std::move(whole);
  return program;
}

Status add_shim(Program& program, const Image& shim, bool is_linux) {
  if (Status good = check(shim.data); !good.ok()) return std::move(good).error().in("shim");
  constexpr std::string_view kDefault = "grubx64.efi";
  Shim& first = program.shim.emplace();
  first.name = shim.name;
  first.image = shim.data;
  first.allow_pxe = shim.shim && shim.shim->allow_pxe;
  first.arguments = cat(shim.name, ' ');
  if (shim.cmdline && !shim.cmdline->empty()) first.arguments += *shim.cmdline;
  else if (is_linux) first.arguments += cat(program.name, ' ', program.arguments);
  else first.arguments += program.arguments;
  program.files.push_back(ProgramFile::of(shim.name, shim.data));
  bool has_default = false;
  for (const ProgramFile& file : program.files) has_default |= file.name == kDefault;
  if (!has_default) program.files.push_back(ProgramFile::of(std::string(kDefault), program.image));
  return ok_status();
}

}  // namespace hawser::efi_program
