// Registers and shared memory of VMware's paravirtual Ethernet card, third version ("vmxnet3").
// There is no datasheet: this is the interface that its published drivers and QEMU's model agree
// on.
#pragma once

#include <cstdint>

#include "drivers/card_io.h"

namespace hawser::vmxnet3 {

/// Registers, 32 bits wide. BAR 1 has the settings, BAR 0 the doorbells.
namespace reg {
inline constexpr uint32_t kRevision = 0x00;     ///< reads as a bit for each; one is written back
inline constexpr uint32_t kUptRevision = 0x08;  ///< the same for the layout of statistics
inline constexpr uint32_t kSharedLow = 0x10, kSharedHigh = 0x18;  ///< where Shared is; 0: nowhere
inline constexpr uint32_t kCommand = 0x20;  ///< reads as the answer to what was written
inline constexpr uint32_t kMacLow = 0x28, kMacHigh = 0x30;
inline constexpr uint32_t kInterruptMask = kBar0 + 0x000;
inline constexpr uint32_t kTxProducer = kBar0 + 0x600;
inline constexpr uint32_t kRxProducer = kBar0 + 0x800;
inline constexpr uint64_t kBytes = 0x1000;  ///< of each BAR
}  // namespace reg

namespace command {
inline constexpr uint32_t kActivate = 0xcafe0000, kQuiesce = 0xcafe0001, kReset = 0xcafe0002;
inline constexpr uint32_t kGetLink = 0xf00d0002;  ///< bit 0: up; from bit 16: Mbit/s
inline constexpr uint32_t kGetMacLow = 0xf00d0003, kGetMacHigh = 0xf00d0004;  ///< the card's own
}  // namespace command

/// All little-endian. Addresses are bus addresses.
struct Misc {
  static constexpr uint32_t kGuest64Bit = 2, kGuestLinux = 1u << 2;
  uint32_t driver_version, guest, revision, upt_revision;
  uint64_t features;  ///< checksums, VLAN stripping and the like: none
  uint64_t driver_data, queues;
  uint32_t driver_data_bytes, queues_bytes, mtu;
  uint16_t most_rx_pieces;
  uint8_t tx_queues, rx_queues;
  uint32_t reserved[4];
};
static_assert(sizeof(Misc) == 72);

struct Interrupts {
  static constexpr uint32_t kDisableAll = 1u << 0;
  uint8_t auto_mask, count, event_index, moderation[25];
  uint32_t control, reserved[2];
};
static_assert(sizeof(Interrupts) == 40);

struct Filter {
  static constexpr uint32_t kOwn = 1u << 0, kBroadcast = 1u << 2, kAllMulticast = 1u << 3;
  uint32_t mode;
  uint16_t multicast_bytes, reserved;
  uint64_t multicast_table;
  uint32_t vlans[128];  ///< a bit for each VLAN that may pass
};
static_assert(sizeof(Filter) == 528);

/// What the card reads when it is activated.
struct Shared {
  static constexpr uint32_t kMagic = 0xbabefee1;
  uint32_t magic, reserved0;
  Misc misc;
  Interrupts interrupts;
  Filter filter;
  uint32_t optional_parts[12];  ///< for RSS, power management, plug-ins
  uint32_t events, reserved[5];
};
static_assert(sizeof(Shared) == 720);

struct TxQueue {
  uint32_t deferred, threshold;
  uint64_t reserved0;
  uint64_t ring, data_ring, completion_ring, driver_data, reserved1;
  uint32_t ring_slots, data_ring_slots, completion_slots, driver_data_bytes;
  uint8_t interrupt, reserved2[7];
  uint32_t stopped, error;
  uint64_t statistics[10], reserved3[11];
};
static_assert(sizeof(TxQueue) == 256);

struct RxQueue {
  uint64_t wants_doorbells, reserved0;
  uint64_t ring[2], completion_ring, driver_data, reserved1;
  uint32_t ring_slots[2], completion_slots, driver_data_bytes;
  uint8_t interrupt, reserved2[7];
  uint32_t stopped, error;
  uint64_t statistics[10], reserved3[11];
};
static_assert(sizeof(RxQueue) == 256);

/// A slot is the card's while its generation bit is that of the ring's present turn, which is 1 in
/// the first turn.
struct TxDescriptor {
  static constexpr uint32_t kGenerationAt = 14;                           // of `length`
  static constexpr uint32_t kEndOfPacket = 1u << 12, kReport = 1u << 13;  // of `flags`
  uint64_t buffer;
  uint32_t length, flags;
};
struct RxDescriptor {
  static constexpr uint32_t kGenerationAt = 31;  // of `length`; bit 14 is 0: a frame may begin here
  uint64_t buffer;
  uint32_t length, reserved;
};
/// Written by the card; the same generations. The word with the generation is written last.
struct Completion {
  static constexpr uint32_t kGenerationAt = 31;  // of `state`
  // Of a received frame:
  static constexpr uint32_t kSlotMask = 0xfff, kEndOfPacket = 1u << 14, kStartOfPacket = 1u << 15;
  static constexpr uint32_t kLengthMask = 0x3fff, kBad = 1u << 14;  // of `length`
  uint32_t slot, reserved, length, state;
};
static_assert(sizeof(TxDescriptor) == 16 && sizeof(RxDescriptor) == 16 && sizeof(Completion) == 16);

/// Rings have multiples of 32 slots. The second ring of a receive queue is for the rest of frames
/// that do not fit one buffer: it stays empty.
inline constexpr uint32_t kSecondRingSlots = 32;

}  // namespace hawser::vmxnet3
