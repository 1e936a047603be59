// Small kernel files for tests, made field by field as the boot protocols describe them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "src/base/bytes.h"
#include "src/image/image.h"

namespace hawser::fakes {

using FileBytes = std::vector<uint8_t>;

inline void put16(FileBytes& file, size_t at, uint16_t value) { write_le(file.data() + at, value); }
inline void put32(FileBytes& file, size_t at, uint32_t value) { write_le(file.data() + at, value); }
inline void put64(FileBytes& file, size_t at, uint64_t value) { write_le(file.data() + at, value); }

/// A Linux kernel by its setup header; the kernel part is 0x4b bytes throughout.
struct BzImage {
  uint16_t version = 0x20f;
  uint8_t setup_sects = 4;
  uint8_t loadflags = 1;  // LOADED_HIGH
  uint32_t kernel_bytes = 0x8000;
  uint32_t initrd_addr_max = 0x7fffffff;
  uint32_t cmdline_size = 2047;
  uint64_t pref_address = 0x1000000;
  uint32_t init_size = 0x400000;

  FileBytes file() const {
    size_t setup_bytes = (setup_sects + 1) * 512u;
    FileBytes file(setup_bytes + kernel_bytes, 0x4b);
    std::fill(file.begin(), file.begin() + long(setup_bytes), uint8_t{0x5e});
    file[0x1f1] = setup_sects;
    put32(file, 0x1f4, kernel_bytes / 16);
    put16(file, 0x1fa, 0xffff);
    put16(file, 0x1fe, 0xaa55);
    put16(file, 0x200, 0x66eb);
    put32(file, 0x202, 0x53726448);
    put16(file, 0x206, version);
    file[0x210] = 0;
    file[0x211] = loadflags;
    put32(file, 0x214, 0x100000);
    put32(file, 0x218, 0);
    put32(file, 0x21c, 0);
    put16(file, 0x224, 0x5000);
    put32(file, 0x228, 0);
    put32(file, 0x22c, initrd_addr_max);
    put32(file, 0x230, 0x200000);
    file[0x234] = 1;
    put16(file, 0x236, 0x7f);
    put32(file, 0x238, cmdline_size);
    put64(file, 0x258, pref_address);
    put32(file, 0x260, init_size);
    return file;
  }
};

/// A Multiboot header at `at`.
inline void put_multiboot_header(FileBytes& file, size_t at, uint32_t flags) {
  put32(file, at, 0x1badb002);
  put32(file, at + 4, flags);
  put32(file, at + 8, 0u - 0x1badb002 - flags);
}

struct ElfSegment {
  uint64_t vaddr, paddr, memory_bytes;
  FileBytes data;
};

/// An ELF executable, 32 or 64 bits wide. Segment data starts at 4096, one page-aligned piece
/// after the other.
inline FileBytes make_elf(bool wide, uint64_t entry, const std::vector<ElfSegment>& segments) {
  size_t row_bytes = wide ? 56 : 32, table = wide ? 64 : 52;
  FileBytes file(4096);
  put32(file, 0, 0x464c457f);
  file[4] = wide ? 2 : 1;
  file[5] = 1;
  file[6] = 1;
  put16(file, 16, 2);
  put16(file, 18, wide ? 62 : 3);
  if (wide) put64(file, 24, entry);
  else put32(file, 24, uint32_t(entry));
  if (wide) put64(file, 32, table);
  else put32(file, 28, uint32_t(table));
  put16(file, wide ? 54 : 42, uint16_t(row_bytes));
  put16(file, wide ? 56 : 44, uint16_t(segments.size()));
  for (size_t i = 0; i < segments.size(); ++i) {
    const ElfSegment& segment = segments[i];
    size_t row = table + i * row_bytes, offset = file.size();
    put32(file, row, 1);
    if (wide) {
      put64(file, row + 8, offset);
      put64(file, row + 16, segment.vaddr);
      put64(file, row + 24, segment.paddr);
      put64(file, row + 32, segment.data.size());
      put64(file, row + 40, segment.memory_bytes);
    } else {
      put32(file, row + 4, uint32_t(offset));
      put32(file, row + 8, uint32_t(segment.vaddr));
      put32(file, row + 12, uint32_t(segment.paddr));
      put32(file, row + 16, uint32_t(segment.data.size()));
      put32(file, row + 20, uint32_t(segment.memory_bytes));
    }
    file.insert(file.end(), segment.data.begin(), segment.data.end());
    file.resize((file.size() + 4095) / 4096 * 4096);
  }
  return file;
}

/// Adds a table of symbols to an ELF64 file: sections 1 (symbols) and 2 (their names). Returns
/// where the section headers are, 64 bytes each.
struct ElfSymbol {
  std::string name;
  uint64_t value = 0;
  uint16_t section = 0xfff1;  ///< absolute
};
inline size_t add_symbols(FileBytes& file, const std::vector<ElfSymbol>& symbols) {
  size_t rows = file.size(), row_bytes = 24;
  std::string names(1, '\0');
  file.resize(rows + row_bytes * symbols.size());
  for (size_t i = 0; i < symbols.size(); ++i) {
    put32(file, rows + i * row_bytes, uint32_t(names.size()));
    put16(file, rows + i * row_bytes + 6, symbols[i].section);
    put64(file, rows + i * row_bytes + 8, symbols[i].value);
    names += symbols[i].name + '\0';
  }
  size_t names_at = file.size();
  file.insert(file.end(), names.begin(), names.end());
  size_t table = file.size();
  file.resize(table + 3 * 64);
  put64(file, 40, table);
  put16(file, 58, 64);
  put16(file, 60, 3);
  for (auto [row, type, at, bytes] : {std::array<size_t, 4>{1, 2, rows, names_at - rows},
                                      std::array<size_t, 4>{2, 3, names_at, names.size()}}) {
    put32(file, table + row * 64 + 4, uint32_t(type));
    put64(file, table + row * 64 + 24, at);
    put64(file, table + row * 64 + 32, bytes);
  }
  put32(file, table + 64 + 40, 2);
  return table;
}

/// An image that is not on any list, at physical address `phys`.
inline Image make_image(const FileBytes& file, std::string name,
                        std::optional<std::string> cmdline = {}, Phys phys = 0) {
  Image image;
  image.name = std::move(name);
  image.cmdline = std::move(cmdline);
  image.data = file;
  image.phys = phys;
  return image;
}

}  // namespace hawser::fakes
