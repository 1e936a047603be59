#include "src/image/elf.h"

#include "src/base/format.h"
#include "src/base/sort.h"

namespace hawser::elf {
namespace {

constexpr uint32_t kMagic = 0x464c457f;  // "\x7fELF"
constexpr uint64_t kClass = 4, kData = 5, kType = 16, kMachine = 18;
constexpr uint16_t kShared = 3;  // ET_DYN
constexpr uint8_t kClass32 = 1, kClass64 = 2, kLittleEndian = 1;
constexpr uint16_t kMachine386 = 3, kMachineX86_64 = 62;
constexpr uint32_t kLoad = 1;
constexpr uint16_t kCountElsewhere = 0xffff;  // PN_XNUM

/// Where the fields lie; the two classes differ in widths and in order.
struct Layout {
  bool wide;
  uint64_t header_bytes, entry, program_offset, entry_bytes, entry_count;   // ELF header
  uint64_t row_bytes, offset, vaddr, paddr, file_bytes, memory_bytes;       // program header
  uint64_t section_table, section_row_bytes, section_count, section_names;  // ELF header
  uint64_t section_bytes, section_flags, section_addr, section_offset, section_size;
};
constexpr Layout kLayout32{false, 52, 24, 28, 42, 44, 32, 4,  8,  12, 16,
                           20,    32, 46, 48, 50, 40, 8,  12, 16, 20};
constexpr Layout kLayout64{true, 64, 24, 32, 54, 56, 56, 8,  16, 24, 32,
                           40,   40, 58, 60, 62, 64, 8,  16, 24, 32};

Error bad(Errc code, std::string_view why) { return {code, cat("ELF: ", why)}; }

/// An address or offset at `at`, which the caller knows to be inside `bytes`.
uint64_t word(Bytes bytes, const Layout& layout, uint64_t at) {
  if (layout.wide) return read_le<uint64_t>(bytes, at).value_or(0);
  return read_le<uint32_t>(bytes, at).value_or(0);
}

Result<const Layout*> layout_of(Bytes file) {
  auto machine = read_le<uint16_t>(file, kMachine);
  if (!machine) return bad(Errc::Invalid, "the file is truncated within its header");
  if (file[kData] != kLittleEndian) return bad(Errc::Unsupported, "the file is big-endian");
  const Layout* layout = nullptr;
  if (file[kClass] == kClass32 && *machine == kMachine386) layout = &kLayout32;
  if (file[kClass] == kClass64 && *machine == kMachineX86_64) layout = &kLayout64;
  if (!layout)
    return bad(Errc::Unsupported, cat("the file is for machine ", *machine, " (class ",
                                      unsigned{file[kClass]}, "), not for 32- or 64-bit x86"));
  if (file.size() < layout->header_bytes)
    return bad(Errc::Invalid, "the file is truncated within its header");
  return layout;
}

Result<LoadSegment> read_segment(Bytes file, Bytes row, const Layout& layout) {
  uint64_t offset = word(row, layout, layout.offset);
  uint64_t file_bytes = word(row, layout, layout.file_bytes);
  LoadSegment segment;
  segment.to = word(row, layout, layout.paddr);
  segment.virtual_address = word(row, layout, layout.vaddr);
  segment.memory_bytes = word(row, layout, layout.memory_bytes);
  if (file_bytes > segment.memory_bytes)
    return bad(Errc::Invalid, "a segment is larger in the file than in memory");
  auto from = slice(file, offset, file_bytes);
  if (!from)
    return bad(Errc::Invalid, cat("the file is truncated: a segment has ", file_bytes, " bytes at ",
                                  offset, ", the file ", file.size()));
  if (segment.memory_bytes > ~uint64_t{0} - segment.to)
    return bad(Errc::Range, cat("a segment at 0x", hex(segment.to), " wraps around"));
  segment.from = *from;
  return segment;
}

/// The entry point is a virtual address. Kernels linked to run elsewhere before they switch paging
/// on often give the physical one all the same.
Result<Phys> physical_entry(const Program& program, uint64_t entry) {
  if (auto there = physical(program, entry); there.ok()) return there;
  for (const LoadSegment& segment : program.segments)
    if (entry >= segment.to && entry - segment.to < segment.memory_bytes) return Phys{entry};
  return bad(Errc::Invalid, cat("the entry point 0x", hex(entry), " lies in no loaded segment"));
}

}  // namespace

Result<Phys> physical(const Program& program, uint64_t virtual_address) {
  for (const LoadSegment& segment : program.segments)
    if (virtual_address >= segment.virtual_address &&
        virtual_address - segment.virtual_address < segment.memory_bytes)
      return segment.to + (virtual_address - segment.virtual_address);
  return bad(Errc::Invalid, cat("the address 0x", hex(virtual_address), " lies in no segment"));
}

namespace {
constexpr uint64_t kSectionType = 4, kLoaded = 2;  // sh_type; SHF_ALLOC

/// Linker scripts that drop .dynamic leave no other sign of a program that can be moved.
bool loads_relocations(Bytes file) {
  constexpr uint32_t kRelocations = 4;  // SHT_RELA
  auto table = sections(file);
  for (uint32_t i = 0; table && i < table->count; ++i) {
    const Layout& layout = table->wide ? kLayout64 : kLayout32;
    Bytes row = Bytes(table->headers).subspan(uint64_t{i} * table->row_bytes);
    if (read_le<uint32_t>(row, kSectionType) == kRelocations &&
        (word(row, layout, layout.section_flags) & kLoaded) &&
        word(row, layout, layout.section_size) != 0)
      return true;
  }
  return false;
}
}  // namespace

bool is_elf(Bytes file) { return read_le<uint32_t>(file, 0) == kMagic; }

Result<Program> read(Bytes file) {
  if (!is_elf(file)) return bad(Errc::Invalid, "the file does not start with \\x7fELF");
  const Layout& layout = *TRY(layout_of(file));
  uint64_t table = word(file, layout, layout.program_offset);
  uint16_t row_bytes = read_le<uint16_t>(file, layout.entry_bytes).value_or(0);
  uint16_t count = read_le<uint16_t>(file, layout.entry_count).value_or(0);
  if (count == kCountElsewhere) return bad(Errc::Unsupported, "too many program headers");
  if (count > 0 && row_bytes < layout.row_bytes)
    return bad(Errc::Invalid, cat("program headers of ", row_bytes, " bytes are too short"));
  auto rows = slice(file, table, uint64_t{row_bytes} * count);
  if (!rows) return bad(Errc::Invalid, "the file is truncated: its program headers are missing");

  Program program;
  for (uint16_t i = 0; i < count; ++i) {
    Bytes row = rows->subspan(uint64_t{row_bytes} * i, layout.row_bytes);
    if (read_le<uint32_t>(row, 0) != kLoad) continue;
    LoadSegment segment = TRY(read_segment(file, row, layout));
    if (segment.memory_bytes > 0) program.segments.push_back(segment);
  }
  if (program.segments.empty()) return bad(Errc::Invalid, "the file has nothing to load");
  program.entry = TRY(physical_entry(program, word(file, layout, layout.entry)));
  program.can_move = read_le<uint16_t>(file, kType) == kShared || loads_relocations(file);
  return program;
}

void sort_by_address(Program& program) {
  sort(program.segments, [](const LoadSegment& a, const LoadSegment& b) { return a.to < b.to; });
}

void Sections::set_address(uint32_t row, Phys address) {
  const Layout& layout = wide ? kLayout64 : kLayout32;
  uint8_t* at = headers.data() + uint64_t{row} * row_bytes + layout.section_addr;
  if (wide) write_le(at, uint64_t{address});
  else write_le(at, uint32_t(address));
}

std::optional<Sections> sections(Bytes file) {
  if (!is_elf(file)) return std::nullopt;
  auto known = layout_of(file);
  if (!known.ok()) return std::nullopt;
  const Layout& layout = **known;
  Sections found;
  found.wide = layout.wide;
  found.row_bytes = *read_le<uint16_t>(file, layout.section_row_bytes);
  found.count = *read_le<uint16_t>(file, layout.section_count);
  found.names_row = *read_le<uint16_t>(file, layout.section_names);
  auto rows = slice(file, word(file, layout, layout.section_table),
                    uint64_t{found.row_bytes} * found.count);
  if (!rows || rows->empty() || found.row_bytes < layout.section_bytes) return std::nullopt;
  found.headers.assign(rows->begin(), rows->end());
  for (uint32_t i = 0; i < found.count; ++i) {
    Bytes row = rows->subspan(uint64_t{found.row_bytes} * i, layout.section_bytes);
    uint32_t type = *read_le<uint32_t>(row, kSectionType);
    if (type != Sections::kSymbols && type != Sections::kStrings) continue;
    if (word(row, layout, layout.section_flags) & kLoaded) continue;
    auto data = slice(file, word(row, layout, layout.section_offset),
                      word(row, layout, layout.section_size));
    if (data && !data->empty()) found.unloaded.push_back({i, type, *data});
  }
  return found;
}

std::optional<uint64_t> symbol(Bytes file, std::string_view name) {
  constexpr uint64_t kLink = 40, kRow = 24, kDefinedIn = 6, kValue = 8;
  constexpr uint32_t kDynamicSymbols = 11;  // SHT_DYNSYM
  auto table = sections(file);
  if (!table || !table->wide) return std::nullopt;
  auto data = [&](uint32_t index) -> Bytes {
    if (index >= table->count) return {};
    Bytes row = Bytes(table->headers).subspan(uint64_t{index} * table->row_bytes);
    return slice(file, word(row, kLayout64, kLayout64.section_offset),
                 word(row, kLayout64, kLayout64.section_size))
        .value_or(Bytes{});
  };
  // A file has at most one table of each kind; looking at more would only take time.
  for (uint32_t kind : {Sections::kSymbols, kDynamicSymbols}) {
    for (uint32_t i = 0; i < table->count; ++i) {
      Bytes row = Bytes(table->headers).subspan(uint64_t{i} * table->row_bytes);
      if (read_le<uint32_t>(row, kSectionType) != kind) continue;
      Bytes symbols = data(i), names = data(*read_le<uint32_t>(row, kLink));
      for (; symbols.size() >= kRow; symbols = symbols.subspan(kRow)) {
        uint64_t at = *read_le<uint32_t>(symbols, 0);
        auto text = slice(names, at, name.size() + 1);
        if (text && text_of(*text).starts_with(name) && text->back() == 0 &&
            *read_le<uint16_t>(symbols, kDefinedIn) != 0)
          return *read_le<uint64_t>(symbols, kValue);
      }
      break;
    }
  }
  return std::nullopt;
}

}  // namespace hawser::elf
