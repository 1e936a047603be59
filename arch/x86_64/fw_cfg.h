// QEMU's firmware configuration device: files that whoever starts the machine hands to its
// firmware (`-fw_cfg name=opt/...`). QEMU docs/specs/fw_cfg.rst.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "arch/x86_64/io.h"
#include "src/base/bytes.h"

namespace hawser::fw_cfg {

inline constexpr uint16_t kSignatureKey = 0x0000, kDirectoryKey = 0x0019;
inline constexpr size_t kNameBytes = 56;
inline constexpr uint32_t kMostFiles = 4096;       ///< more is not QEMU
inline constexpr uint32_t kMostBytes = 64 * 1024;  ///< of a file; a byte is a port access

/// An entry of the directory, big-endian ("File Directory").
struct [[gnu::packed]] DirectoryEntry {
  uint8_t bytes[4];
  uint8_t key[2];
  uint8_t reserved[2];
  char name[kNameBytes];
};
static_assert(sizeof(DirectoryEntry) == 64);

/// The device's two ports on x86.
struct Ports {
  static void select(uint16_t key) { out16(0x510, key); }
  static void read(MutBytes out) {
    void* to = out.data();
    size_t count = out.size();
    asm volatile("rep insb" : "+D"(to), "+c"(count) : "d"(uint16_t{0x511}) : "memory");
  }
};

/// The file of that name, at most kMostBytes of it. Nothing when there is none, or no such device.
/// `Io` has select(key) and read(MutBytes), which goes on where the last read of a key ended.
template <class Io>
std::optional<std::vector<uint8_t>> read_file(Io&& io, std::string_view name) {
  uint8_t word[4];
  io.select(kSignatureKey);
  io.read(word);
  if (text_of(word) != "QEMU" || name.empty() || name.size() >= kNameBytes) return std::nullopt;
  io.select(kDirectoryKey);
  io.read(word);
  uint32_t files = std::min(*read_be<uint32_t>(word, 0), kMostFiles);
  for (uint32_t file = 0; file < files; ++file) {
    DirectoryEntry entry;
    io.read({reinterpret_cast<uint8_t*>(&entry), sizeof entry});
    std::string_view found{entry.name, sizeof entry.name};
    if (found.substr(0, found.find('\0')) != name) continue;
    std::vector<uint8_t> value(std::min(*read_be<uint32_t>(entry.bytes, 0), kMostBytes));
    io.select(*read_be<uint16_t>(entry.key, 0));
    io.read(value);
    return value;
  }
  return std::nullopt;
}

}  // namespace hawser::fw_cfg
