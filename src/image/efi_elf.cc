// ELF kernels as EFI programs: see efi_elf.h. A PE header before the file makes one of it (PE
// Format specification): its sections are the segments, from where they lie in the file.
#include "src/image/efi_elf.h"

#include "src/base/format.h"
#include "src/image/efi_program.h"
#include "src/image/elf.h"

namespace hawser::efi_elf {
namespace {

constexpr uint64_t kPage = 4096, kHeadBytes = kPage;
constexpr uint64_t kSignatureAt = 0x40, kOptionalAt = kSignatureAt + 24, kOptionalBytes = 240,
                   kRowsAt = kOptionalAt + kOptionalBytes, kRowBytes = 40;
constexpr size_t kMostSegments = 64;
constexpr uint64_t kMostBytes = uint64_t{1} << 30;

Error bad(Errc code, std::string_view why) { return {code, cat("EFI ELF: ", why)}; }

constexpr uint64_t round_up(uint64_t n) { return (n + kPage - 1) & ~(kPage - 1); }

/// Segments by address, which a PE file can say.
Status check_segments(const std::vector<elf::LoadSegment>& segments) {
  if (segments.size() > kMostSegments)
    return bad(Errc::Unsupported, cat("it has more than ", kMostSegments, " segments"));
  Phys start = segments.front().to, free_from = start;
  for (const elf::LoadSegment& segment : segments) {
    if (segment.to % kPage != 0)
      return bad(Errc::Unsupported, cat("a segment starts at 0x", hex(segment.to),
                                        ", which is not the start of a page"));
    if (segment.to < free_from)
      return bad(Errc::Invalid, cat("two segments overlap at 0x", hex(segment.to)));
    if (segment.to - start > kMostBytes || segment.memory_bytes > kMostBytes ||
        segment.to > ~Phys{0} - 2 * kMostBytes)
      return bad(Errc::Unsupported, "it takes more than 1 GiB from its first segment on");
    free_from = round_up(segment.to + segment.memory_bytes);
  }
  return ok_status();
}

/// One page: headers and a row for each segment. The kernel begins on the page behind it.
std::vector<uint8_t> make_head(const elf::Program& program, Bytes file, Phys entry) {
  constexpr Phys kReachable = uint64_t{1} << 32;
  constexpr uint16_t kX86_64 = 0x8664, kPe32Plus = 0x20b, kApplication = 10;
  constexpr uint16_t kExecutable = 0x2, kLargeAddresses = 0x20, kCannotMove = 0x1;
  constexpr uint32_t kReadWriteExecute = 0xe0000000;
  Phys start = program.segments.front().to;
  // Kernels linked to the upper half go anywhere: there is no memory at such an address.
  bool here = start > kHeadBytes && start < kReachable;
  bool fixed = here && !program.can_move;
  const elf::LoadSegment& last = program.segments.back();

  std::vector<uint8_t> head(kHeadBytes);
  auto put = [&](uint64_t at, auto value) { write_le(head.data() + at, value); };
  put(0, uint16_t{0x5a4d});  // "MZ"
  put(0x3c, uint32_t{kSignatureAt});
  put(kSignatureAt, uint32_t{0x4550});  // "PE"
  put(kSignatureAt + 4, kX86_64);
  put(kSignatureAt + 6, uint16_t(program.segments.size()));
  put(kSignatureAt + 20, uint16_t{kOptionalBytes});
  put(kSignatureAt + 22, uint16_t(kExecutable | kLargeAddresses | (fixed ? kCannotMove : 0)));
  put(kOptionalAt, kPe32Plus);
  put(kOptionalAt + 16, uint32_t(entry - start + kHeadBytes));
  put(kOptionalAt + 20, uint32_t{kHeadBytes});  // BaseOfCode
  put(kOptionalAt + 24, here ? uint64_t{start - kHeadBytes} : uint64_t{0});
  put(kOptionalAt + 32, uint32_t{kPage});  // alignment in memory
  put(kOptionalAt + 36, uint32_t{512});    // in the file
  put(kOptionalAt + 56, uint32_t(kHeadBytes + round_up(last.to + last.memory_bytes) - start));
  put(kOptionalAt + 60, uint32_t{kHeadBytes});
  put(kOptionalAt + 68, kApplication);
  put(kOptionalAt + 108, uint32_t{16});  // data directories, all empty
  uint64_t row = kRowsAt;
  for (const elf::LoadSegment& segment : program.segments) {
    put(row, uint64_t{0x64616f6c2e});  // ".load"
    put(row + 8, uint32_t(segment.memory_bytes));
    put(row + 12, uint32_t(segment.to - start + kHeadBytes));
    put(row + 16, uint32_t(segment.from.size()));
    put(row + 20, uint32_t(segment.from.data() - file.data() + kHeadBytes));
    put(row + 36, kReadWriteExecute);
    row += kRowBytes;
  }
  return head;
}

}  // namespace

bool probe(Bytes file) { return elf::is_elf(file) && elf::symbol(file, kEntrySymbol).has_value(); }

Result<Program> prepare(const Image& image, const std::vector<const Image*>& others) {
  elf::Program program = TRY(elf::read(image.data));
  auto entry_symbol = elf::symbol(image.data, kEntrySymbol);
  if (!entry_symbol) return bad(Errc::Invalid, cat("it has no symbol ", kEntrySymbol));
  Phys entry = TRY(elf::physical(program, *entry_symbol));
  elf::sort_by_address(program);
  TRY(check_segments(program.segments));
  if (image.data.size() > kMostBytes)
    return bad(Errc::Unsupported, "the file is larger than 1 GiB");
  return efi_program::with_head(make_head(program, image.data, entry), image, others);
}

}  // namespace hawser::efi_elf
