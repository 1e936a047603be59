// The part of the PXE API that Hawser uses: Preboot Execution Environment 2.1 §3.4 (base code) and
// §4 (UNDI). Parameter blocks as they lie in memory: little-endian, packed.
#pragma once

#include <cstdint>
#include <string>

#include "drivers/undi/rom.h"
#include "src/base/address.h"
#include "src/base/result.h"

namespace hawser::undi {

enum class Function : uint16_t {
  Initialize = 0x03,
  Shutdown = 0x05,
  Open = 0x06,
  Close = 0x07,
  Transmit = 0x08,
  GetInformation = 0x0c,
  GetNicType = 0x12,
  Isr = 0x14,
  GetCachedInfo = 0x71,
  FileApiCheck = 0xe6,  // iPXE's extensions, as boot loaders use them
  FileCommandLine = 0xe8,
};

struct [[gnu::packed]] CloseParameters {
  static constexpr Function kFunction = Function::Close;
  uint16_t status = 0;
};
struct [[gnu::packed]] ShutdownParameters {
  static constexpr Function kFunction = Function::Shutdown;
  uint16_t status = 0;
};
struct [[gnu::packed]] InitializeParameters {
  static constexpr Function kFunction = Function::Initialize;
  uint16_t status = 0;
  uint32_t protocol_ini = 0;
  uint8_t reserved[8] = {};
};

struct [[gnu::packed]] OpenParameters {
  static constexpr Function kFunction = Function::Open;
  static constexpr uint16_t kDirected = 1, kBroadcast = 2;
  uint16_t status = 0;
  uint16_t open_flag = 0;
  uint16_t packet_filter = kDirected | kBroadcast;
  uint16_t multicast_count = 0;
  uint8_t multicast[8][16] = {};
};

struct [[gnu::packed]] TransmitParameters {
  static constexpr Function kFunction = Function::Transmit;
  static constexpr uint8_t kHasHeader = 0;  ///< protocol "unknown": the frame comes with its header
  static constexpr uint8_t kToAddress = 0, kBroadcast = 1;
  uint16_t status = 0;
  uint8_t protocol = kHasHeader;
  uint8_t flag = kToAddress;
  FarPointer destination;
  FarPointer descriptor;
  uint32_t reserved[2] = {};
};
struct [[gnu::packed]] TransmitDescriptor {
  uint16_t immediate_bytes = 0;
  FarPointer immediate;
  uint16_t blocks = 0;
  uint8_t block[8][8] = {};
};

struct [[gnu::packed]] InformationParameters {
  static constexpr Function kFunction = Function::GetInformation;
  static constexpr uint16_t kEthernet = 1;
  uint16_t status = 0;
  uint16_t base_io = 0;
  uint16_t interrupt = 0;
  uint16_t mtu = 0;
  uint16_t hardware_type = 0;
  uint16_t address_bytes = 0;
  uint8_t current_address[16] = {};
  uint8_t permanent_address[16] = {};
  uint16_t rom_segment = 0;
  uint16_t receive_buffers = 0, transmit_buffers = 0;
};

struct [[gnu::packed]] NicTypeParameters {
  static constexpr Function kFunction = Function::GetNicType;
  static constexpr uint8_t kPci = 2;
  uint16_t status = 0;
  uint8_t type = 0;
  uint16_t vendor = 0, device = 0;
  uint8_t base_class = 0, sub_class = 0, interface = 0, revision = 0;
  uint16_t location = 0;  ///< bus << 8 | device << 3 | function
  uint16_t sub_vendor = 0, sub_device = 0;
};

struct [[gnu::packed]] IsrParameters {
  static constexpr Function kFunction = Function::Isr;
  static constexpr uint16_t kStart = 1, kProcess = 2, kGetNext = 3;  // in
  static constexpr uint16_t kOurs = 0;                               // out, of kStart
  static constexpr uint16_t kDone = 0, kTransmitted = 2, kReceived = 3,
                            kBusy = 4;  // out, of others
  uint16_t status = 0;
  uint16_t what = kStart;
  uint16_t buffer_bytes = 0;  ///< of this piece
  uint16_t frame_bytes = 0;   ///< of the whole frame
  uint16_t header_bytes = 0;
  FarPointer buffer;
  uint8_t protocol = 0, packet_type = 0;
};

struct [[gnu::packed]] CachedInfoParameters {
  static constexpr Function kFunction = Function::GetCachedInfo;
  static constexpr uint16_t kDhcpAck = 2, kReply = 3;
  uint16_t status = 0;
  uint16_t packet_type = 0;
  uint16_t bytes = 0;  ///< 0 on entry: the ROM tells where its own copy is
  FarPointer buffer;
  uint16_t limit = 0;
};

struct [[gnu::packed]] FileApiCheckParameters {
  static constexpr Function kFunction = Function::FileApiCheck;
  static constexpr uint32_t kQuestion = 0x91d447b2, kAnswer = 0xe9c17b20;
  uint16_t status = 0;
  uint16_t bytes = 20;
  uint32_t magic = kQuestion;
  uint32_t provider = 0;
  uint32_t functions = 0;  ///< bit n: there is a function 0xe0 + n
  uint32_t flags = 0;
};
struct [[gnu::packed]] FileCommandLineParameters {
  static constexpr Function kFunction = Function::FileCommandLine;
  uint16_t status = 0;
  uint16_t bytes = 0;  ///< room, and on return the length with its zero
  FarPointer buffer;
};

static_assert(sizeof(FileApiCheckParameters) == 20 && sizeof(FileCommandLineParameters) == 8);
static_assert(sizeof(OpenParameters) == 136 && sizeof(TransmitParameters) == 20);
static_assert(sizeof(TransmitDescriptor) == 72 && sizeof(InformationParameters) == 50);
static_assert(sizeof(NicTypeParameters) == 17 && sizeof(IsrParameters) == 16);

/// Calls the function that `parameters` belong to. Errors: Device, with the ROM's status code.
Status call(Rom& rom, Function function, MutBytes parameters);
template <class Parameters>
Status call(Rom& rom, Parameters& parameters) {
  return call(rom, Parameters::kFunction,
              MutBytes{reinterpret_cast<uint8_t*>(&parameters), sizeof parameters});
}

/// The card as its ROM describes it.
struct Card {
  Mac mac;
  uint32_t mtu = 1500;  ///< largest IP packet, 576 to 1500
  uint8_t irq = 0;      ///< 0: none
  struct Pci {
    uint16_t vendor, device;
    uint16_t location;  ///< bus << 8 | device << 3 | function
  };
  std::optional<Pci> pci;  ///< nothing: not a PCI card, or the ROM does not say
};
/// Errors: Device, when the ROM does not answer; Unsupported, when it is no Ethernet card.
Result<Card> describe(Rom& rom);

/// The DHCPACK (or, with kReply, the PXE or ProxyDHCP answer) that made the ROM load us, as it came
/// from the wire. Empty when it has none.
std::vector<uint8_t> cached_packet(Rom& rom, uint16_t type);

/// What an iPXE script put after the boot program's name in its `chain` command. Empty for other
/// ROMs.
std::string command_line(Rom& rom);

/// Makes the ROM let go of the card, for a driver of our own. The ROM stays, and can be returned
/// to. What it answers does not matter: our driver resets the card.
void release(Rom& rom);

}  // namespace hawser::undi
