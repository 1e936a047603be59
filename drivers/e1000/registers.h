// Registers and descriptors of Intel's gigabit Ethernet cards.
// SDM: "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual", rev 4.0;
// PCIe: the 82571/82572/82573/82574/82583 manuals and datasheets, where they differ;
// I210: "Ethernet Controller I210 Datasheet", for all cards with several queues. Theirs are
// numbered from 0xc000 on, but the first is also where the older cards have their only one (I210
// §8.10.4).
#pragma once

#include <cstdint>

#include "drivers/register.h"

namespace hawser::e1000 {

struct Ctrl {  // SDM §13.4.1
  static constexpr Field<Ctrl> kFullDuplex{0};
  static constexpr Field<Ctrl> kMasterDisable{2};  // PCIe
  static constexpr Field<Ctrl> kSetLinkUp{6};
  static constexpr Field<Ctrl> kInvertLossOfSignal{7};
  static constexpr Field<Ctrl> kForceSpeed{11};
  static constexpr Field<Ctrl> kForceDuplex{12};
  static constexpr Field<Ctrl> kReset{26};
  static constexpr Field<Ctrl> kVlanMode{30};
  static constexpr Field<Ctrl> kPhyReset{31};
};
struct StatusBits {  // SDM §13.4.2
  static constexpr Field<StatusBits> kLinkUp{1};
  static constexpr Field<StatusBits> kMasterEnabled{19};  // PCIe
};
struct Eecd {  // PCIe: EEPROM/flash control
  static constexpr Field<Eecd> kAutoReadDone{9};
};
struct Eerd {  // SDM §13.4.4
  static constexpr Field<Eerd> kStart{0};
  static constexpr Field<Eerd> kData{16, 16};
};
struct Rctl {  // SDM §13.4.22
  static constexpr Field<Rctl> kEnable{1};
  static constexpr Field<Rctl> kMulticastPromiscuous{4};
  static constexpr Field<Rctl> kBroadcast{15};
  static constexpr Field<Rctl> kBufferSize{16, 2};  // 0: 2048 bytes, with kSizeExtension 0
  static constexpr Field<Rctl> kStripCrc{26};
};
struct Tctl {  // SDM §13.4.33
  static constexpr Field<Tctl> kEnable{1};
  static constexpr Field<Tctl> kPadShort{3};
  static constexpr Field<Tctl> kCollisionThreshold{4, 8};
  static constexpr Field<Tctl> kCollisionDistance{12, 10};
  static constexpr Field<Tctl> kRetransmitLate{24};
  static constexpr Field<Tctl> kMultipleRequests{28};  // PCIe
};
struct Tipg {  // SDM §13.4.34
  static constexpr Field<Tipg> kTransmit{0, 10};
  static constexpr Field<Tipg> kReceive1{10, 10};
  static constexpr Field<Tipg> kReceive2{20, 10};
};
struct Txdctl {                                          // PCIe: 82574 §10.2.6.8
  static constexpr Field<Txdctl> kCountDescriptors{22};  // reserved bit that must be written as 1
  static constexpr Field<Txdctl> kGranularity{24};
};
struct Mdic {  // I210 §8.2.4
  static constexpr Field<Mdic> kData{0, 16}, kPhyRegister{16, 5}, kPhyAddress{21, 5};
  static constexpr Field<Mdic> kOperation{26, 2};  // 1: write, 2: read
  static constexpr Field<Mdic> kReady{28}, kError{30};
};
/// Registers of a PHY: IEEE 802.3 §22.2.4.
namespace phy {
inline constexpr uint32_t kAddress = 1, kControl = 0, kStatus = 1;
inline constexpr uint32_t kNegotiate = 1u << 12 | 1u << 9;  ///< in kControl: enable, and restart
inline constexpr uint32_t kLinkUp = 1u << 2;                ///< in kStatus
}  // namespace phy
struct QueueControl {  // RXDCTL and TXDCTL: I210 §8.10.9, §8.12.14
  static constexpr Field<QueueControl> kWriteBackThreshold{16, 5};
  static constexpr Field<QueueControl> kEnable{25};
};
struct SplitControl {  // SRRCTL: I210 §8.10.2
  static constexpr Field<SplitControl> kPacketBufferKiB{0, 7};
  static constexpr Field<SplitControl> kDescriptorType{25, 3};  // 1: advanced, one buffer
};
struct AddressHigh {  // SDM §13.5.3
  static constexpr Field<AddressHigh> kAddress{0, 16};
  static constexpr Field<AddressHigh> kValid{31};
};
/// A register that is one number, or whose bits do not matter here.
struct Number {};

namespace reg {  // SDM table 13-2
inline constexpr Register<Ctrl> ctrl{0x0000};
inline constexpr Register<StatusBits> status{0x0008};
inline constexpr Register<Eecd> eecd{0x0010};
inline constexpr Register<Eerd> eerd{0x0014};
inline constexpr Register<Mdic> mdic{0x0020};
inline constexpr Register<Number> flow_control_low{0x0028}, flow_control_high{0x002c},
    flow_control_type{0x0030}, flow_control_timer{0x0170};
inline constexpr Register<Number> interrupt_cause{0x00c0}, interrupt_mask_clear{0x00d8};
inline constexpr Register<Rctl> rctl{0x0100};
inline constexpr Register<Tctl> tctl{0x0400};
inline constexpr Register<Tipg> tipg{0x0410};

inline constexpr Register<Number> rx_base_low{0x2800}, rx_base_high{0x2804}, rx_length{0x2808},
    rx_head{0x2810}, rx_tail{0x2818}, rx_delay{0x2820}, rx_absolute_delay{0x282c};
inline constexpr Register<Number> tx_base_low{0x3800}, tx_base_high{0x3804}, tx_length{0x3808},
    tx_head{0x3810}, tx_tail{0x3818};
inline constexpr Register<Txdctl> txdctl{0x3828};
inline constexpr Register<SplitControl> rx_split{0x280c};                    // several queues
inline constexpr Register<QueueControl> rx_queue{0x2828}, tx_queue{0x3828};  // likewise

// Statistics: 32 bits, cleared by reading, stuck at all ones when full (SDM §13.7).
inline constexpr Register<Number> crc_errors{0x4000}, alignment_errors{0x4004},
    receive_errors{0x400c}, missed_packets{0x4010}, excessive_collisions{0x4018},
    late_collisions{0x401c}, length_errors{0x4040};

inline constexpr Register<Number> multicast_table{0x5200};  // 128 words
inline constexpr Register<Number> address_low{0x5400};      // 16 pairs, 8 bytes apart
inline constexpr Register<AddressHigh> address_high{0x5404};
}  // namespace reg

inline constexpr uint64_t kRegisterBytes = 0x8000;  ///< of the 128 KiB window, what is used here
inline constexpr uint32_t kMulticastWords = 128;
inline constexpr uint32_t kAddressPairs = 15;  ///< 82571 and 82574 keep pair 15 for themselves

/// Of both rings and of all cards; little-endian, shared with the card. A receive descriptor holds
/// its buffer's address and zeros until the card writes into it.
struct Descriptor {
  uint64_t buffer = 0;
  uint32_t low = 0, high = 0;
};
static_assert(sizeof(Descriptor) == 16);

/// Done: the card has written the frame, or read it.
inline constexpr uint32_t kDone = 1u << 0, kEndOfPacket = 1u << 1;

/// What a card writes into receive descriptors (SDM §3.2.3): `low` has the length, `high` this.
namespace legacy {
inline constexpr uint32_t kErrors = 0xff00;
inline constexpr uint32_t kSend = 0x0b00'0000;  ///< in `low`: EOP, IFCS and RS (§3.3.3)
}  // namespace legacy

/// Cards with several queues (I210 §7.1.4.2): `low` has this, `high` the length.
namespace advanced {
inline constexpr uint32_t kErrors = 1u << 31;  ///< RXE; sums are not the card's to check
inline constexpr uint32_t kSend =
    0x2b00'0000 | 3u << 20;                 ///< DEXT as well, and DTYP: data (§7.2.2.3)
inline constexpr uint32_t kPayloadAt = 14;  ///< PAYLEN, in `high`
}  // namespace advanced

}  // namespace hawser::e1000
