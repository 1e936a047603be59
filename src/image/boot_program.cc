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
  return moves_number || std::find(std::begin(kStarts), std::end(kStarts), byte) != std::end(kStarts);
}

bool is_text(Bytes file) {
  Bytes start = file.first(std::min(file.size(), kTextBytes));
  return std::all_of(start.begin(), start.end(), [](uint8_t byte) {
    return (byte >= 0x20 && byte != 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

}  // namespace

bool probe(Bytes file) {
  if (file.size() < kLeastBytes || file.size() > kMostBytes) return false;
  return starts_as_code(file[0]) && !is_text(file);
}

}  // namespace hawser::boot_program
