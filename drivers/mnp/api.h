// EFI_MANAGED_NETWORK_PROTOCOL and the service binding that makes it: UEFI Specification 2.10 §25.1
// and §11.6.
#pragma once

#include "arch/x86_64/uefi/efi.h"
#include "drivers/snp/api.h"

namespace hawser::efi {

struct ServiceBinding {
  /// `child` null: a new handle.
  Code(EFIAPI* create_child)(ServiceBinding*, Handle* child);
  Code(EFIAPI* destroy_child)(ServiceBinding*, Handle child);
};

struct ManagedNetworkConfig {
  uint32_t received_queue_timeout = 0, transmit_queue_timeout = 0;  ///< in 100 ns; 0: none
  uint16_t protocol_filter = 0;                                     ///< EtherType; 0: all
  Bool unicast = 0, multicast = 0, broadcast = 0, promiscuous = 0, flush_on_reset = 0,
       timestamps = 0, no_background_polling = 0;
};
static_assert(sizeof(ManagedNetworkConfig) == 20);

struct ManagedReceiveData {
  Time timestamp;
  Event recycle;  ///< to be signalled when the data is needed no more
  uint32_t packet_bytes, header_bytes, address_bytes, data_bytes;
  Bool is_broadcast, is_multicast, is_promiscuous;
  uint16_t protocol;
  const void *destination, *source, *header, *data;
};
static_assert(offsetof(ManagedReceiveData, packet_bytes) == 24);
static_assert(offsetof(ManagedReceiveData, header) == 64);

struct ManagedTransmitData {
  const MacAddress *destination, *source;  ///< null: the header is the first fragment's
  uint16_t protocol;
  uint32_t data_bytes;
  uint16_t header_bytes, fragment_count;
  struct {
    uint32_t bytes;
    const void* data;
  } fragment;
};
static_assert(offsetof(ManagedTransmitData, fragment) == 32 && sizeof(ManagedTransmitData) == 48);

/// The firmware's until `event` is signalled; `status` tells the outcome.
struct ManagedToken {
  Event event;
  Code status;
  union {
    ManagedReceiveData* received;
    ManagedTransmitData* to_send;
  };
};
static_assert(sizeof(ManagedToken) == 24);

struct ManagedNetwork {
  static constexpr Guid kGuid{
      0x7ab33a91, 0xace5, 0x4326, {0xb5, 0x72, 0xe7, 0xee, 0x33, 0xd3, 0x9f, 0x16}};
  static constexpr Guid kBindingGuid{
      0xf36ff770, 0xa7e1, 0x42cf, {0x9e, 0xd2, 0x56, 0xf0, 0xf2, 0x71, 0xf4, 0x4c}};
  /// NotStarted before configure(); `mode` is told all the same.
  Code(EFIAPI* get_mode)(ManagedNetwork*, ManagedNetworkConfig* config, SimpleNetworkMode* mode);
  /// Null: stops, and ends all that is under way.
  Code(EFIAPI* configure)(ManagedNetwork*, const ManagedNetworkConfig* config);
  void* multicast_ip_to_mac;
  Code(EFIAPI* groups)(ManagedNetwork*, Bool join, const MacAddress* group);
  Code(EFIAPI* transmit)(ManagedNetwork*, ManagedToken* token);
  Code(EFIAPI* receive)(ManagedNetwork*, ManagedToken* token);
  /// Null: all. NotFound: it is over already.
  Code(EFIAPI* cancel)(ManagedNetwork*, ManagedToken* token);
  Code(EFIAPI* poll)(ManagedNetwork*);
};
static_assert(sizeof(ManagedNetwork) == 64);

}  // namespace hawser::efi
