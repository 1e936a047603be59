// EFI_SIMPLE_NETWORK_PROTOCOL: UEFI Specification 2.10 §24.1.
#pragma once

#include "arch/x86_64/uefi/efi.h"

namespace hawser::efi {

struct MacAddress {
  uint8_t bytes[32];
};

struct SimpleNetworkMode {
  enum State : uint32_t { Stopped, Started, Initialized };
  uint32_t state;
  uint32_t address_bytes;       ///< 6 on Ethernet
  uint32_t media_header_bytes;  ///< 14 on Ethernet
  uint32_t max_packet_bytes;    ///< without that header
  uint32_t nvram_bytes, nvram_access_bytes;
  uint32_t filter_mask, filter_setting;  ///< filters that there are, and that are on
  uint32_t max_multicast, multicast_count;
  MacAddress multicast[16];
  MacAddress current, broadcast, permanent;
  uint8_t interface_type;  ///< of RFC 3232; 1: Ethernet
  Bool address_changeable, multiple_tx, media_present_supported, media_present;
};
static_assert(offsetof(SimpleNetworkMode, current) == 552);
static_assert(offsetof(SimpleNetworkMode, interface_type) == 648);

struct SimpleNetwork {
  static constexpr Guid kGuid{
      0xa19832b9, 0xac25, 0x11d3, {0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
  /// Filters.
  static constexpr uint32_t kUnicast = 1, kMulticast = 2, kBroadcast = 4, kPromiscuous = 8,
                            kAllMulticast = 0x10;
  uint64_t revision;
  Code(EFIAPI* start)(SimpleNetwork*);
  Code(EFIAPI* stop)(SimpleNetwork*);
  Code(EFIAPI* initialize)(SimpleNetwork*, uint64_t extra_rx, uint64_t extra_tx);
  Code(EFIAPI* reset)(SimpleNetwork*, Bool extended);
  Code(EFIAPI* shutdown)(SimpleNetwork*);
  Code(EFIAPI* receive_filters)(SimpleNetwork*, uint32_t enable, uint32_t disable,
                                Bool reset_multicast, uint64_t multicast_count,
                                const MacAddress* multicast);
  Code(EFIAPI* station_address)(SimpleNetwork*, Bool reset, const MacAddress* address);
  Code(EFIAPI* statistics)(SimpleNetwork*, Bool reset, uint64_t* bytes, void* table);
  void* multicast_ip_to_mac;
  void* nvram;
  /// `buffer` gets one that Transmit() needs no more, or null. Renews mode->media_present.
  Code(EFIAPI* get_status)(SimpleNetwork*, uint32_t* interrupts, void** buffer);
  /// `buffer` stays the firmware's until get_status() returns it. NotReady: its queue is full.
  Code(EFIAPI* transmit)(SimpleNetwork*, uint64_t header_bytes, uint64_t bytes, const void* buffer,
                         const MacAddress* from, const MacAddress* to, const uint16_t* type);
  /// `bytes`: room, then what the frame has. NotReady: none. BufferTooSmall: it needs so much.
  Code(EFIAPI* receive)(SimpleNetwork*, uint64_t* header_bytes, uint64_t* bytes, void* buffer,
                        MacAddress* from, MacAddress* to, uint16_t* type);
  Event wait_for_packet;
  SimpleNetworkMode* mode;
};
static_assert(offsetof(SimpleNetwork, transmit) == 96 && offsetof(SimpleNetwork, mode) == 120);

}  // namespace hawser::efi
