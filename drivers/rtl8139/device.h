// Realtek RTL8139 fast Ethernet, polled.
// Source: "RTL8139C(L)+ Datasheet", Realtek; section numbers and register names are its own.
#pragma once

#include "drivers/pci/table.h"
#include "drivers/ring_nic.h"

namespace hawser::rtl8139 {

/// Registers (§6), by their widths.
namespace reg {
inline constexpr uint32_t kIdr0 = 0x00, kIdr4 = 0x04;   // 32: the address, written as words
inline constexpr uint32_t kMar0 = 0x08, kMar4 = 0x0c;   // 32: multicast filter
inline constexpr uint32_t kTsd0 = 0x10, kTsad0 = 0x20;  // 32: four each
inline constexpr uint32_t kRbstart = 0x30;              // 32
inline constexpr uint32_t kCr = 0x37;                   // 8
inline constexpr uint32_t kCapr = 0x38, kCbr = 0x3a;    // 16
inline constexpr uint32_t kImr = 0x3c, kIsr = 0x3e;     // 16
inline constexpr uint32_t kTcr = 0x40, kRcr = 0x44;     // 32
inline constexpr uint32_t k9346cr = 0x50, kMsr = 0x58;  // 8
inline constexpr uint32_t kCpcr = 0xe0;                 // 16: C+ command, on those chips alone
}  // namespace reg

namespace cr {
inline constexpr uint8_t kBufferEmpty = 1u << 0, kTransmit = 1u << 2, kReceive = 1u << 3,
                         kReset = 1u << 4;
}
namespace tsd {
inline constexpr uint32_t kOwn = 1u << 13;  ///< the card has read the frame
/// Sending begins when 256 bytes have been read: at once, and a slow bus would be overtaken.
inline constexpr uint32_t kThreshold = 8u << 16;
inline constexpr uint32_t kAborted = 1u << 30;  ///< too many collisions: nothing is sent any more
inline constexpr uint32_t kCount = 4;
}  // namespace tsd
namespace msr {
inline constexpr uint8_t kLinkDown = 1u << 2;
}
namespace ninety_three_46 {
inline constexpr uint8_t kConfigWritable = 0xc0, kNormal = 0;
}
/// In TCR: which chip it is.
inline constexpr uint32_t kRevision = 0x7cc00000, kRevisionCPlus = 0x74800000;
/// Standard gap, DMA bursts of any length.
inline constexpr uint32_t kTcrValue = 3u << 24 | 7u << 8;
inline constexpr uint32_t kTcrClearAbort = 1u << 0;  ///< sends the aborted frame again
/// 32 KiB of buffer, frames at its end not cut in two (WRAP), no threshold, bursts of any length;
/// broadcast, multicast and own address.
inline constexpr uint32_t kRcrValue =
    7u << 13 | 2u << 11 | 7u << 8 | 1u << 7 | 1u << 3 | 1u << 2 | 1u << 1;

/// In front of each frame in the receive buffer (§5.1), which ends with its FCS.
namespace header {
inline constexpr uint16_t kOk = 1u << 0, kBad = 0x3e;
inline constexpr uint16_t kBeingWritten = 0xfff0;  ///< as a length
inline constexpr uint32_t kBytes = 4;
}  // namespace header
inline constexpr uint32_t kFcsBytes = 4;
inline constexpr uint32_t kRxBytes = 32 * 1024;
/// Behind it room for a frame that begins at the end, and for the 16 bytes the card keeps.
inline constexpr uint32_t kRxSpareBytes = 16 + 4096;

class Device final : public RingNic {
 public:
  Device(std::unique_ptr<CardIo> io, std::string_view chip, Platform& platform)
      : RingNic(std::move(io), chip, platform, tsd::kCount, 0) {}
  ~Device() override { close(); }

  std::string_view driver() const override { return "rtl8139"; }
  Status attach() override;
  Link link() override { return io_->read(reg::kMsr, 1) & msr::kLinkDown ? Link::Down : Link::Up; }

 private:
  Status create() override;
  Status start() override;
  void stop() override;
  void send(uint32_t slot, Phys bus, uint32_t bytes) override;
  bool sent(uint32_t slot) override;
  std::optional<Arrival> take() override;
  void taken() override;

  Status reset();
  void start_receiver();
  uint32_t look();

  bool c_plus_ = false;        ///< it has other, newer rings as well
  uint16_t mode_for_rom_ = 0;  ///< C+ command as we found it
  DmaBlock rx_;
  uint32_t at_ = 0;      ///< of the next frame in the buffer
  uint32_t unread_ = 0;  ///< bytes from there that the card has said are written
  bool behind_ = false;  ///< the card is to be told how far we have read
};

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources);

}  // namespace hawser::rtl8139
