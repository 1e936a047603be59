#include "src/image/multiboot2_header.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/image/multiboot_parts.h"

namespace hawser::multiboot2 {
namespace {

using multiboot::bad;

constexpr uint32_t kMagic = 0xe85250d6, kI386 = 0;
constexpr uint64_t kSearchBytes = 32768, kFixedBytes = 16, kTagHeaderBytes = 8, kTagAlign = 8;
constexpr uint16_t kOptional = 1;

/// Types of header tags (§3.1.3 onwards).
enum Tag : uint16_t {
  kEnd = 0,
  kInformationRequest = 1,
  kAddress = 2,
  kEntryAddress = 3,
  kConsoleFlags = 4,
  kFramebuffer = 5,
  kModuleAlignment = 6,
  kEfiBootServices = 7,
  kEfi32Entry = 8,
  kEfi64Entry = 9,
  kRelocatable = 10,
};

/// Information tags that a kernel may ask for (§3.6) and that we give where the machine has them.
bool can_give(uint32_t information) {
  switch (information) {
    case 1:   // command line
    case 2:   // boot loader name
    case 3:   // modules
    case 4:   // basic memory information
    case 6:   // memory map
    case 9:   // ELF sections
    case 12:  // EFI 64-bit system table
    case 14:  // ACPI root pointers
    case 15:
    case 17:  // EFI memory map
    case 18:  // boot services not terminated
    case 20:  // EFI 64-bit image handle
    case 21:  // load base
      return true;
    default:
      return false;
  }
}
constexpr uint32_t kElfSections = 9;

/// A tag without its padding.
struct TagView {
  uint16_t type = 0;
  bool optional = false;
  Bytes body;
};

Status need(const TagView& tag, size_t bytes) {
  if (tag.body.size() >= bytes) return ok_status();
  return bad(Errc::Invalid, cat("header tag ", tag.type, " is too short"));
}

/// The caller knows that the body is long enough.
uint32_t field(const TagView& tag, size_t index) {
  return read_le<uint32_t>(tag.body, 4 * index).value_or(0);
}

Status read_request(const TagView& tag, Header& header) {
  for (size_t i = 0; i < tag.body.size() / 4; ++i) {
    uint32_t wanted = field(tag, i);
    if (wanted == kElfSections) header.wants_sections = true;
    if (!tag.optional && !can_give(wanted))
      return bad(Errc::Unsupported, cat("the kernel demands information of type ", wanted,
                                        ", which is not available"));
  }
  return ok_status();
}

Status read_relocatable(const TagView& tag, Header& header) {
  TRY(need(tag, 16));
  Relocatable r{field(tag, 0), field(tag, 1), field(tag, 2), field(tag, 3)};
  if (r.align == 0) r.align = 1;
  if ((r.align & (r.align - 1)) != 0 || r.min > r.max)
    return bad(Errc::Invalid, "the header's limits for relocation contradict each other");
  header.relocatable = r;
  return ok_status();
}

Status read_tag(const TagView& tag, Header& header) {
  switch (tag.type) {
    case kInformationRequest:
      return read_request(tag, header);
    case kAddress:
      TRY(need(tag, 16));
      header.addresses = Addresses{field(tag, 0), field(tag, 1), field(tag, 2), field(tag, 3)};
      return ok_status();
    case kEntryAddress:
      TRY(need(tag, 4));
      header.entry = field(tag, 0);
      return ok_status();
    case kEfi64Entry:
      TRY(need(tag, 4));
      header.efi64_entry = field(tag, 0);
      return ok_status();
    case kEfiBootServices:
      header.boot_services = true;
      return ok_status();
    case kRelocatable:
      return read_relocatable(tag, header);
    case kConsoleFlags:     // the firmware's text console and serial line are as they are
    case kModuleAlignment:  // always met
    case kEfi32Entry:       // of no use to 64-bit firmware
      return ok_status();
    case kFramebuffer:
      if (tag.optional) return ok_status();
      return bad(Errc::Unsupported,
                 "the kernel demands a framebuffer, which cannot be set; the "
                 "serial and text consoles work");
    default:
      if (tag.optional) return ok_status();
      return bad(Errc::Unsupported,
                 cat("the kernel demands what is unknown (header tag ", tag.type, ")"));
  }
}

}  // namespace

std::optional<uint64_t> find_header(Bytes file) {
  for (uint64_t at = 0; fits(at, kFixedBytes, std::min<uint64_t>(file.size(), kSearchBytes));
       at += kTagAlign) {
    if (*read_le<uint32_t>(file, at) != kMagic) continue;
    uint32_t sum = 0;
    for (uint64_t i = 0; i < 4; ++i) sum += *read_le<uint32_t>(file, at + 4 * i);
    if (sum == 0) return at;
  }
  return std::nullopt;
}

Result<Header> read_header(Bytes file) {
  auto at = find_header(file);
  if (!at) return bad(Errc::Invalid, "no header in the first 32768 bytes");
  uint32_t architecture = *read_le<uint32_t>(file, *at + 4);
  uint32_t bytes = *read_le<uint32_t>(file, *at + 8);
  if (architecture != kI386)
    return bad(Errc::Unsupported,
               cat("the kernel is for another processor (architecture ", architecture, ")"));
  if (bytes < kFixedBytes || !fits(*at, bytes, file.size()))
    return bad(Errc::Invalid, "the file is truncated within its header");
  Header header;
  header.at = *at;
  Bytes tags = file.subspan(*at + kFixedBytes, bytes - kFixedBytes);
  for (uint64_t next = 0; fits(next, kTagHeaderBytes, tags.size());) {
    uint32_t size = *read_le<uint32_t>(tags, next + 4);
    if (size < kTagHeaderBytes || !fits(next, size, tags.size()))
      return bad(Errc::Invalid, "a header tag is longer than the header");
    TagView tag{*read_le<uint16_t>(tags, next),
                (*read_le<uint16_t>(tags, next + 2) & kOptional) != 0,
                tags.subspan(next + kTagHeaderBytes, size - kTagHeaderBytes)};
    if (tag.type == kEnd) break;
    TRY(read_tag(tag, header));
    next += (uint64_t{size} + kTagAlign - 1) / kTagAlign * kTagAlign;
  }
  if (header.addresses && !header.entry)
    return bad(Errc::Invalid, "the header has addresses and no entry address");
  return header;
}

}  // namespace hawser::multiboot2
