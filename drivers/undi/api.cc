#include "drivers/undi/api.h"

#include <algorithm>

#include "src/base/format.h"

namespace hawser::undi {
namespace {

constexpr size_t kLargestPacket = 1500;
constexpr size_t kLongestCommandLine = 2048;
constexpr uint32_t kLeastMtu = 576, kMostMtu = 1500;
constexpr uint16_t kIrqs = 16;

std::string_view name_of(Function function) {
  switch (function) {
    case Function::Initialize:
      return "UNDI_INITIALIZE";
    case Function::Shutdown:
      return "UNDI_SHUTDOWN";
    case Function::Open:
      return "UNDI_OPEN";
    case Function::Close:
      return "UNDI_CLOSE";
    case Function::Transmit:
      return "UNDI_TRANSMIT";
    case Function::GetInformation:
      return "UNDI_GET_INFORMATION";
    case Function::GetNicType:
      return "UNDI_GET_NIC_TYPE";
    case Function::Isr:
      return "UNDI_ISR";
    case Function::GetCachedInfo:
      return "GET_CACHED_INFO";
    case Function::FileApiCheck:
      return "FILE_API_CHECK";
    case Function::FileCommandLine:
      return "FILE_CMDLINE";
  }
  return "PXE call";
}

}  // namespace

Status call(Rom& rom, Function function, MutBytes parameters) {
  if (rom.on_call && rom.last_call != uint16_t(function)) rom.on_call(name_of(function));
  rom.last_call = uint16_t(function);
  uint16_t exit = rom.call(uint16_t(function), parameters);
  if (exit == 0) return ok_status();
  if (rom.hung)
    return Error{Errc::Device, cat("the PXE ROM's ", name_of(function),
                                   " did not return within 10 s; the ROM is not used any more")};
  uint16_t status = read_le<uint16_t>(parameters, 0).value_or(0);
  return Error{Errc::Device,
               cat("the PXE ROM's ", name_of(function), " failed (status 0x", hex(status, 4), ")")};
}

Result<Card> describe(Rom& rom) {
  InformationParameters information;
  TRY(call(rom, information));
  Card card;
  if (information.hardware_type != InformationParameters::kEthernet ||
      information.address_bytes != card.mac.bytes.size())
    return Error{Errc::Unsupported, cat("the PXE ROM's card is not Ethernet (hardware type ",
                                        uint16_t{information.hardware_type}, ")")};
  std::copy_n(information.current_address, card.mac.bytes.size(), card.mac.bytes.begin());
  if (information.mtu >= kLeastMtu) card.mtu = std::min<uint32_t>(information.mtu, kMostMtu);
  if (information.interrupt < kIrqs) card.irq = uint8_t(information.interrupt);

  NicTypeParameters type;
  if (call(rom, type).ok() && type.type == NicTypeParameters::kPci)
    card.pci = Card::Pci{type.vendor, type.device, type.location};
  return card;
}

std::vector<uint8_t> cached_packet(Rom& rom, uint16_t type) {
  CachedInfoParameters cached;
  cached.packet_type = type;
  if (!call(rom, cached).ok()) return {};
  std::vector<uint8_t> packet(std::min<size_t>(cached.bytes, kLargestPacket));
  if (!rom.read(cached.buffer, packet)) return {};
  return packet;
}

std::string command_line(Rom& rom) {
  FileApiCheckParameters check;
  constexpr uint32_t kHasCommandLine = 1u << (int(Function::FileCommandLine) - 0xe0);
  if (!call(rom, check).ok() || check.magic != FileApiCheckParameters::kAnswer ||
      !(check.functions & kHasCommandLine))
    return {};
  Rom::Buffer memory = rom.buffer();
  MutBytes text = memory.bytes.first(kLongestCommandLine);
  std::fill(text.begin(), text.end(), uint8_t{0});
  FileCommandLineParameters line;
  line.bytes = uint16_t(text.size());
  line.buffer = memory.at;
  if (!call(rom, line).ok()) return {};
  return std::string(text_of(text).substr(0, text_of(text).find('\0')));
}

void release(Rom& rom) {
  CloseParameters close;
  (void)call(rom, close);
  ShutdownParameters shutdown;
  (void)call(rom, shutdown);
}

}  // namespace hawser::undi
