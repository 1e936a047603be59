// What the drivers of cards with rings have in common: frames to send are copied into memory of the
// driver's and offered in batches, received ones lie in the stack's buffers, and closing is
// orderly.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "drivers/card_io.h"
#include "drivers/nic.h"
#include "src/platform.h"

namespace hawser {

class RingNic : public Nic {
 public:
  static constexpr uint32_t kTxSlots = 256, kRxSlots = 512;  ///< of the rings
  static constexpr uint32_t kTxBufferBytes = 1536;           ///< one frame, in multiples of 64
  static constexpr uint32_t kMaxFrameBytes = 1518;           ///< with a VLAN tag, without FCS
  static constexpr uint32_t kMinFrameBytes = 60;             ///< without FCS

  std::string_view chip() const final { return chip_; }
  Mac mac() const final { return mac_; }
  Mac permanent_mac() const final { return permanent_mac_; }
  Status set_mac(const Mac& mac) final {
    mac_ = mac;  // start() tells the card
    return ok_status();
  }
  uint32_t mtu() const final { return 1500; }
  Status open(FramePort& port) final;
  void close() override;
  bool transmit(std::span<const Bytes> pieces) final;
  size_t poll(size_t budget) final;
  const NicCounters& counters() final {
    if (port_) add_statistics();
    return counters_;
  }

  /// Quiets the card and reads its address, once, before all else. Errors: Device.
  virtual Status attach() = 0;

 protected:
  /// One slot of a ring stays empty: a full ring looks unlike an empty one.
  static constexpr uint32_t kMostTx = kTxSlots - 1, kMostRx = kRxSlots - 1;
  /// `chip` points at static text; `platform` is borrowed for life. The card takes up to `tx_depth`
  /// frames and `rx_depth` empty buffers at a time. The destructor of a driver calls close().
  RingNic(std::unique_ptr<CardIo> io, std::string_view chip, Platform& platform, uint32_t tx_depth,
          uint32_t rx_depth)
      : io_(std::move(io)),
        platform_(platform),
        chip_(chip),
        tx_depth_(tx_depth),
        rx_depth_(rx_depth) {}

  // --- what each driver adds --------------------------------------------------------------------

  /// Gets memory that is shared with the card, the first time. Errors: NoMemory.
  virtual Status create() = 0;
  /// Resets the card and starts it with empty rings and the address mac(). DMA is off before it.
  /// Errors: Device, naming the register that did not respond.
  virtual Status start() = 0;
  /// Nothing moves any more, and the card forgets its rings. Also after a start() that failed.
  virtual void stop() = 0;
  /// Hands a frame to the card, in order of slots from 0.
  virtual void send(uint32_t slot, Phys bus, uint32_t bytes) = 0;
  /// Tells the card of what send() gave it.
  virtual void tell_of_frames() {}
  /// The card is done with the oldest frame that it was given, which was in `slot`.
  virtual bool sent(uint32_t slot) = 0;
  /// Gives the card an empty buffer, in order of slots from 0; tell_of_buffers() comes after some.
  virtual void post(uint32_t, Phys) {}
  virtual void tell_of_buffers() {}

  struct Arrival {
    RxBuffer* buffer = nullptr;  ///< now the caller's; none when the card's answer makes no sense
    uint32_t length = 0;         ///< of the frame without FCS; 0: there is none
  };
  /// What the card received next.
  virtual std::optional<Arrival> take() = 0;
  /// After the last take() of a batch.
  virtual void taken() {}
  /// Adds what the card has counted by itself.
  virtual void add_statistics() {}

  // --- for the drivers --------------------------------------------------------------------------

  template <class Condition>
  bool wait(uint64_t limit_us, Condition condition) {
    uint64_t start = platform_.now_us();
    for (;;) {
      if (condition()) return true;
      if (platform_.now_us() - start > limit_us) return condition();
    }
  }
  /// Fails unless it is one card's address.
  Status adopt(const Mac& mac);
  Error device_error(std::string_view what) const;
  FramePort& port() { return *port_; }
  NicCounters& count() { return counters_; }
  /// The oldest slot the card has a buffer in, of rx_posted().
  uint32_t rx_slot() const { return rx_next_ % kRxSlots; }
  uint32_t rx_posted() const { return rx_posted_; }
  /// The slot behind the last one posted.
  uint32_t rx_tail() const { return (rx_next_ + rx_posted_) % kRxSlots; }
  uint32_t tx_tail() const { return told_ % kTxSlots; }
  /// Its buffer; the card does not have it any more.
  RxBuffer* collect();
  /// Descriptors are in memory before the card hears of them.
  static void publish();

  std::unique_ptr<CardIo> io_;
  Platform& platform_;

 private:
  void offer();
  void reclaim();
  void refill();

  std::string_view chip_;
  Mac mac_, permanent_mac_;
  FramePort* port_ = nullptr;  ///< set while open
  NicCounters counters_;

  DmaBlock tx_frames_;  ///< kTxBufferBytes for each slot
  std::array<uint16_t, kTxSlots> tx_bytes_{};
  uint32_t tx_depth_, rx_depth_;
  // All count up for ever; the slot is the remainder.
  uint32_t next_ = 0;    ///< next slot to fill
  uint32_t told_ = 0;    ///< what the card has
  uint32_t oldest_ = 0;  ///< oldest slot not known to be sent

  std::array<RxBuffer*, kRxSlots> rx_buffers_{};
  uint32_t rx_next_ = 0;    ///< oldest slot the card has; counts up for ever
  uint32_t rx_posted_ = 0;  ///< slots the card has, from rx_next_ on
};

/// For pci::Row::probe: a driver of the card behind `io`. `more` is for its constructor.
template <class Driver, class... More>
Result<std::unique_ptr<Nic>> attached(std::unique_ptr<CardIo> io, std::string_view chip,
                                      Platform& platform, More... more) {
  std::unique_ptr<Driver> driver{new (std::nothrow) Driver{std::move(io), chip, platform, more...}};
  if (!driver) return Error{Errc::NoMemory, "no memory for the driver"};
  TRY(driver->attach());
  return std::unique_ptr<Nic>{std::move(driver)};
}

}  // namespace hawser
