// What a UEFI option ROM carries: hawser.efi, packed, as a section of the driver's own image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "arch/x86_64/bios/prefix/lzma.h"
#include "arch/x86_64/bios/prefix/streams.h"
#include "src/base/bytes.h"

namespace hawser::uefi {

/// As scripts/mkimage.py writes it in front of the packed bytes.
struct RomHeader {
  uint16_t vendor, device;  ///< the card that the ROM is made for
  uint32_t image_bytes;     ///< of hawser.efi
  uint32_t image_crc32;
  uint32_t plain_bytes;     ///< unpacked: the code as streams (bios/prefix/streams.h), then the rest
  uint32_t code_at, code_bytes;  ///< of hawser.efi
};
static_assert(sizeof(RomHeader) == 24);
/// plain_bytes are at most so many more than image_bytes: what the streams' table and their ends take.
inline constexpr uint32_t kMostForStreams = bios::kStreams * 7;

/// Of the section; nothing when it is too short for one.
std::optional<RomHeader> read_rom_header(Bytes section);

/// Unpacks hawser.efi into `out`, which is image_bytes long, by way of `plain`, which is plain_bytes
/// long. False when the packed bytes are broken; the checksum is the caller's to compare.
bool unpack_image(Bytes section, MutBytes plain, MutBytes out, bios::LzmaDecoder& decoder);

}  // namespace hawser::uefi
