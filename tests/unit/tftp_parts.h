// What the TFTP tests share: a file in memory and packets by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/tftp/packet.h"
#include "tests/fakes/memory_file.h"

namespace hawser::tftp::testing_parts {

using Packet = std::vector<uint8_t>;

using File = fakes::MemoryFile;

inline Packet numbered(Opcode opcode, uint16_t number, std::string_view rest) {
  Packet packet{0, uint8_t(opcode), uint8_t(number >> 8), uint8_t(number)};
  packet.insert(packet.end(), rest.begin(), rest.end());
  return packet;
}
inline Packet data(uint16_t block, size_t bytes, char fill = 'x') {
  return numbered(Opcode::Data, block, std::string(bytes, fill));
}
inline Packet acknowledgement(uint16_t block) {
  return numbered(Opcode::Acknowledgement, block, "");
}
inline Packet error(uint16_t code, std::string_view words) {
  return numbered(Opcode::Error, code, std::string(words) + '\0');
}
inline Packet oack(std::vector<std::string> texts) {
  Packet packet{0, 6};
  for (const std::string& text : texts) {
    packet.insert(packet.end(), text.begin(), text.end());
    packet.push_back(0);
  }
  return packet;
}

inline constexpr uint16_t kTid = 40'000;  ///< the server's port for the transfer

}  // namespace hawser::tftp::testing_parts
