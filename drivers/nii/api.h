// EFI_NETWORK_INTERFACE_IDENTIFIER_PROTOCOL_31 (UEFI Specification 2.10 §24.2) and the UNDI that it
// leads to (appendix E): commands are blocks in memory, CDBs, with parameters (CPB) and results
// (DB).
#pragma once

#include "arch/x86_64/uefi/efi.h"
#include "drivers/snp/api.h"

namespace hawser::efi {

struct NetworkInterfaceIdentifier {
  static constexpr Guid kGuid{
      0x1aced566, 0x76ed, 0x4218, {0xbc, 0x81, 0x76, 0x7f, 0x1f, 0x97, 0x7a, 0x89}};
  uint64_t revision;
  uint64_t undi;  ///< address of the !PXE structure; 0: none
  uint64_t image;
  uint32_t image_bytes;
  char name[4];
  uint8_t type, major, minor;
  Bool has_ipv6;
  uint16_t interface;  ///< the IFnum of CDBs
};
static_assert(offsetof(NetworkInterfaceIdentifier, interface) == 36);
static_assert(sizeof(NetworkInterfaceIdentifier) == 40);

namespace undi {

struct Pxe {  // §E.2.1, of a software UNDI; one in hardware is alike up to `implementation`
  static constexpr char kSignature[] = {'!', 'P', 'X', 'E'};
  // Implementation flags.
  static constexpr uint32_t kHardware = 0x80000000, kVirtualAddress = 0x40000000,
                            kAddressSettable = 0x100, kAllMulticast = 0x80, kPromiscuous = 0x40;
  char signature[4];
  uint8_t bytes;  ///< of this structure, whose sum is 0
  uint8_t fudge, revision, interface_count, major, minor, interface_count_high, reserved;
  uint32_t implementation;
  uint64_t entry;  ///< with kVirtualAddress an address, else an offset from this structure
};
static_assert(offsetof(Pxe, implementation) == 12 && sizeof(Pxe) == 24);

enum class Opcode : uint16_t {
  GetState = 0,
  Start = 1,
  Stop = 2,
  GetInitInfo = 3,
  Initialize = 5,
  Shutdown = 7,
  ReceiveFilters = 9,
  StationAddress = 0xa,
  GetStatus = 0xe,
  Transmit = 0x10,
  Receive = 0x11,
};

enum class StatCode : uint16_t {
  Success = 0,
  Busy = 3,
  QueueFull = 4,
  InvalidUndi = 0xf,
  NoData = 0x13,
};

struct Cdb {  // §E.3.4.1
  // StatFlags. There are UNDIs that set none, as edk2's SNP looks at StatCode alone.
  static constexpr uint16_t kStatusMask = 0xc000, kComplete = 0xc000, kFailed = 0x8000,
                            kQueued = 0x4000;
  Opcode opcode;
  uint16_t flags;
  uint16_t cpb_bytes, db_bytes;
  uint64_t cpb, db;  ///< 0: none
  StatCode stat_code;
  uint16_t stat_flags;
  uint16_t interface, control;
};
static_assert(sizeof(Cdb) == 32);
using Entry = void(EFIAPI*)(Cdb* cdb);

/// StatFlags of GetState.
inline constexpr uint16_t kStateMask = 3, kStarted = 1, kInitialized = 2;
/// StatFlags of GetInitInfo: GetStatus tells of the link.
inline constexpr uint16_t kTellsMedia = 2;
/// OpFlags of Initialize: the link is not waited for.
inline constexpr uint16_t kDoNotDetectCable = 1;
/// OpFlags of ReceiveFilters.
inline constexpr uint16_t kEnable = 0x8000, kUnicast = 1, kBroadcast = 2, kPromiscuous = 8,
                          kAllMulticast = 0x10;
/// OpFlags of StationAddress: the card's own again.
inline constexpr uint16_t kResetAddress = 1;
/// OpFlags of GetStatus, and a StatFlag.
inline constexpr uint16_t kGetTransmitted = 2, kGetMedia = 4, kNoMedia = 0x40;

/// What an UNDI may call, §E.4.2.1. The first argument is `context`.
struct StartCpb {
  static constexpr uint8_t kIoRead = 0, kIoWrite = 1, kMemoryRead = 2, kMemoryWrite = 4;
  static constexpr uint32_t kBothWays = 0, kFromDevice = 1, kToDevice = 2;
  void(EFIAPI* delay)(uint64_t context, uint64_t us);
  void(EFIAPI* block)(uint64_t context, uint32_t enable);
  void(EFIAPI* to_physical)(uint64_t context, uint64_t address, uint64_t* physical);
  /// `port` counts from the start of the card's memory or ports.
  void(EFIAPI* access)(uint64_t context, uint8_t kind, uint8_t bytes, uint64_t port, void* data);
  void(EFIAPI* map)(uint64_t context, uint64_t address, uint32_t bytes, uint32_t direction,
                    uint64_t* device);
  void(EFIAPI* unmap)(uint64_t context, uint64_t address, uint32_t bytes, uint32_t direction,
                      uint64_t device);
  void(EFIAPI* sync)(uint64_t context, uint64_t address, uint32_t bytes, uint32_t direction,
                     uint64_t device);
  uint64_t context;
};
static_assert(sizeof(StartCpb) == 64);

struct [[gnu::packed]] InitInfoDb {  // §E.4.4
  uint32_t memory_required;
  uint32_t frame_data_bytes;  ///< without the header
  uint32_t link_speeds[4];
  uint32_t nvram_count;
  uint16_t nvram_width;
  uint16_t header_bytes, address_bytes;  ///< 14 and 6 on Ethernet
  uint16_t multicast_count, tx_count, tx_bytes, rx_count, rx_bytes;
  uint8_t interface_type;  ///< 1: Ethernet
  uint8_t duplex_modes, loopback_modes;
};
static_assert(sizeof(InitInfoDb) == 47);

struct [[gnu::packed]] InitializeCpb {  // §E.4.7; what is zero is the UNDI's to choose
  uint64_t memory;
  uint32_t memory_bytes, link_speed;
  uint16_t tx_count, tx_bytes, rx_count, rx_bytes;
  uint8_t duplex_mode, loopback_mode;
};
static_assert(sizeof(InitializeCpb) == 26);

struct InitializeDb {
  uint32_t memory_used;
  uint16_t tx_count, tx_bytes, rx_count, rx_bytes;
};
static_assert(sizeof(InitializeDb) == 12);

struct AddressDb {  // §E.4.12; its CPB is one address
  MacAddress current, broadcast, permanent;
};

struct StatusDb {  // §E.4.16
  static constexpr size_t kFrames = 32;
  uint32_t next_frame_bytes, reserved;
  uint64_t sent[kFrames];  ///< addresses of frames that the UNDI needs no more
};
static_assert(sizeof(StatusDb) == 264);

struct TransmitCpb {  // §E.4.18
  uint64_t frame;
  /// The data's, and those of the header before it. Of UNDIs, some add them up and some take the
  /// first for all there is, so it is that, and the second 0.
  uint32_t bytes;
  uint16_t header_bytes, reserved;
};
static_assert(sizeof(TransmitCpb) == 16);

struct ReceiveCpb {  // §E.4.19
  uint64_t buffer;
  uint32_t bytes, reserved;
};
static_assert(sizeof(ReceiveCpb) == 16);

struct ReceiveDb {
  MacAddress source, destination;
  uint32_t frame_bytes;  ///< with the header; more than the buffer has: the rest is lost
  uint16_t protocol, header_bytes;
  uint8_t type, reserved[7];
};
static_assert(sizeof(ReceiveDb) == 80);

}  // namespace undi
}  // namespace hawser::efi
