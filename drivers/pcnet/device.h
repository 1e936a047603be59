// AMD PCnet-PCI fast Ethernet, polled: Am79C970A to Am79C973, and what virtual machines have of it.
// Source: "Am79C970A PCnet-PCI II" and "Am79C973/Am79C975 PCnet-FAST III" data sheets, AMD;
// register names are theirs.
#pragma once

#include "drivers/pci/table.h"
#include "drivers/ring_nic.h"

namespace hawser::pcnet {

/// I/O ports while registers are 16 bits wide, as they are after a reset.
namespace port {
inline constexpr uint32_t kAddressProm = 0x00, kData = 0x10, kAddress = 0x12, kReset = 0x14,
                          kBusData = 0x16;
inline constexpr uint32_t kReset32 = 0x18;  ///< while they are 32 bits wide
}  // namespace port

namespace csr0 {
inline constexpr uint16_t kInit = 1u << 0, kStart = 1u << 1, kStop = 1u << 2,
                          kTransmitDemand = 1u << 3, kInitDone = 1u << 8;
}
/// Interrupts off; a frame that the bus was too slow for does not stop the transmitter (DXSUFLO).
inline constexpr uint16_t kCsr3Value = 0x5f00 | 1u << 6;
inline constexpr uint16_t kCsr4AutoPad = 1u << 11;
inline constexpr uint32_t kBcrLed0 = 4, kBcrSoftwareStyle = 20;
inline constexpr uint16_t kLed0Link =
    1u << 6 | 1u << 7;  ///< LED0 tells of the link, and of it alone
inline constexpr uint16_t kLedOn = 1u << 15;
inline constexpr uint16_t kStyle32 = 2;  ///< the structures below

/// Read by the card when it is initialised. Little-endian, as all that is shared.
struct InitBlock {
  static constexpr uint32_t ring_slots(uint32_t tx_log2, uint32_t rx_log2) {
    return rx_log2 << 20 | tx_log2 << 28;
  }
  uint32_t mode_and_lengths;
  uint32_t address_low, address_high;
  uint32_t multicast[2];  ///< a bit for each value of a hash
  uint32_t rx_ring, tx_ring;
};
static_assert(sizeof(InitBlock) == 28);

struct Descriptor {
  static constexpr uint32_t kOwn = 1u << 31, kError = 1u << 30;  ///< kOwn: the card's
  static constexpr uint32_t kStart = 1u << 25, kEnd = 1u << 24;
  static constexpr uint32_t kOnes = 0xf000, kLengthMask = 0x0fff;  ///< lengths are negative
  uint32_t buffer;
  uint32_t state;
  uint32_t received;  ///< bytes of a frame, with FCS
  uint32_t reserved;
};
static_assert(sizeof(Descriptor) == 16);
inline constexpr uint32_t kFcsBytes = 4;

struct SharedMemory {
  Descriptor rx[RingNic::kRxSlots], tx[RingNic::kTxSlots];
  InitBlock init;
};

class Device final : public RingNic {
 public:
  Device(std::unique_ptr<CardIo> io, std::string_view chip, Platform& platform)
      : RingNic(std::move(io), chip, platform, kMostTx, kMostRx) {}
  ~Device() override { close(); }

  std::string_view driver() const override { return "pcnet"; }
  Status attach() override;
  Link link() override;

 private:
  Status create() override;
  Status start() override;
  void stop() override;
  void send(uint32_t slot, Phys bus, uint32_t bytes) override;
  void tell_of_frames() override { set_csr(0, csr0::kTransmitDemand); }
  bool sent(uint32_t slot) override;
  void post(uint32_t slot, Phys bus) override;
  std::optional<Arrival> take() override;

  uint16_t csr(uint32_t number);
  void set_csr(uint32_t number, uint16_t value);
  void set_bcr(uint32_t number, uint16_t value);

  SharedMemory* memory_ = nullptr;
  Phys bus_ = 0;
};

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources);

}  // namespace hawser::pcnet
