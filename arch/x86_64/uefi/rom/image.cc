// The packed hawser.efi: see image.h.
#include "arch/x86_64/uefi/rom/image.h"

#include <cstring>

namespace hawser::uefi {

std::optional<RomHeader> read_rom_header(Bytes section) {
  RomHeader header;
  if (section.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, section.data(), sizeof header);
  return header;
}

bool unpack_image(Bytes section, MutBytes plain, MutBytes out, bios::LzmaDecoder& decoder) {
  auto header = read_rom_header(section);
  if (!header || header->code_at > out.size() || header->code_bytes > out.size() - header->code_at)
    return false;
  Bytes packed = section.subspan(sizeof(RomHeader));
  if (!decoder.run(packed.data(), packed.size(), plain.data(), plain.size())) return false;
  MutBytes code = out.subspan(header->code_at, header->code_bytes);
  const uint8_t* rest = bios::join_streams(plain.data(), plain.size(), code.data(), code.size());
  if (!rest || size_t(plain.data() + plain.size() - rest) != out.size() - code.size()) return false;
  std::memcpy(out.data(), rest, header->code_at);
  std::memcpy(code.data() + code.size(), rest + header->code_at,
              out.size() - header->code_at - code.size());
  return true;
}

}  // namespace hawser::uefi
