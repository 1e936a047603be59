#include "src/image/boot_program.h"

#include <algorithm>

#include "src/base/text.h"

namespace hawser::boot_program {
namespace {

constexpr size_t kLeastBytes = 32, kMostBytes = 0xa0000 - 0x7c00;
constexpr size_t kTextBytes = 512;

/// First bytes of real-mode code that sets itself up: jumps and calls, cli, cld, sti, pushes of
/// registers and flags, moves to and from segment registers, clearing of a register, prefixes.
constexpr uint8_t kStarts[] = {0xea, 0xe9, 0xeb, 0xe8, 0xfa, 0xfb, 0xfc, 0x06, 0x0e, 0x16, 0x1e,
                               0x50, 0x51, 0x52, 0x53, 0x55, 0x56, 0x57, 0x60, 0x9c, 0x8c, 0x8e,
                               0x89, 0x8b, 0x31, 0x33, 0x29, 0x2b, 0x66, 0x2e, 0x90};

bool starts_as_code(uint8_t byte) {
  bool moves_number = (byte & 0xf0) == 0xb0;
  return moves_number || std::ranges::find(kStarts, byte) != std::end(kStarts);
}

bool is_text(Bytes file) {
  Bytes start = file.first(std::min(file.size(), kTextBytes));
  return std::ranges::all_of(start, [](uint8_t byte) {
    return (byte >= 0x20 && byte != 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

/// Files whose first byte could be code's.
constexpr struct {
  std::string_view magic, name;
} kOthers[] = {{"PK\3\4", "a ZIP archive"},
               {"Rar!", "a RAR archive"},
               {"\x89PNG", "a picture"},
               {"QFI\xfb", "a disk image of QEMU's"},
               {"SQLite", "a database"},
               {"RIFF", "a sound or a film"}};

/// The first sector of a disk as a BIOS starts it; FAT's and NTFS's begin with a jump (EB xx 90).
bool is_boot_sector(Bytes file) {
  constexpr size_t kSectorBytes = 512, kSignatureAt = 510;
  return file.size() % kSectorBytes == 0 && file.size() >= kSectorBytes &&
         read_le<uint16_t>(file, kSignatureAt) == 0xaa55;
}

}  // namespace

std::string_view name(Bytes file) {
  for (const auto& other : kOthers)
    if (text_of(file).starts_with(other.magic)) return other.name;
  return is_boot_sector(file) ? "a disk's boot sector or image; sanboot boots disks" : "";
}

/// Of 256 random bytes, 143 and more differ; of the first 256 of programs, about a hundred.
bool is_noise(Bytes file) {
  constexpr size_t kSample = 256;
  constexpr unsigned kMostOfPrograms = 133;
  if (file.size() < kSample) return false;
  bool seen[256] = {};
  for (uint8_t byte : file.first(kSample)) seen[byte] = true;
  return std::ranges::count(seen, true) > kMostOfPrograms;
}

bool probe(Bytes file) {
  if (file.size() < kLeastBytes || file.size() > kMostBytes) return false;
  return starts_as_code(file[0]) && !is_text(file) && name(file).empty() && !is_noise(file);
}

}  // namespace hawser::boot_program
