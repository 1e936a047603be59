// The descriptor rings of 8254x and 8257x cards: memory shared with the device, no registers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "drivers/e1000/registers.h"
#include "drivers/nic.h"
#include "src/platform.h"

namespace hawser::e1000 {

inline constexpr uint32_t kRxSlots = 512, kTxSlots = 256;  ///< multiples of 8 (SDM §3.2.6, §3.4)
/// Empty slots wait until there are so many: each move of the tail is an exit to the hypervisor in a
/// virtual machine, and a posted write across PCI elsewhere.
inline constexpr uint32_t kRefillBatch = 64;
inline constexpr uint32_t kTxBufferBytes = 1536;           ///< one frame, in multiples of 64
inline constexpr uint32_t kMaxFrameBytes = 1518;           ///< with a VLAN tag, without FCS
inline constexpr uint32_t kMinFrameBytes = 60;             ///< without FCS

/// Receive descriptors and the stack's buffers behind them. One slot always stays empty: head ==
/// tail means an empty ring to the device (SDM §3.2.6).
class RxRing {
 public:
  static constexpr uint32_t kBytes = kRxSlots * sizeof(RxDescriptor);

  /// Gets the ring's memory, the first time. Errors: NoMemory.
  Status create(Platform& platform);
  /// Before the device is given the ring: all slots empty.
  void clear();
  Phys bus() const { return memory_.bus; }

  /// Fills empty slots, once kRefillBatch of them are, with buffers from `port`. True when the device is to be told tail().
  bool refill(FramePort& port);
  uint32_t tail() const { return (next_ + posted_) % kRxSlots; }

  enum class Verdict : uint8_t {
    Good,   ///< a whole frame of `length` bytes, at most kRxBufferBytes
    Bad,    ///< the end of a frame that is damaged, too long or empty
    Piece,  ///< part of a frame that did not fit one buffer; its end will be Bad
  };
  struct Arrival {
    RxBuffer* buffer;
    uint32_t length;
    Verdict verdict;
  };
  /// The oldest buffer the device has filled, or nothing. Its owner is the caller.
  std::optional<Arrival> take();
  /// Gives all buffers back that the device still had. Its DMA must be off.
  void return_all(FramePort& port);

 private:
  DmaBlock memory_;
  RxDescriptor* slots_ = nullptr;
  std::array<RxBuffer*, kRxSlots> buffers_{};
  uint32_t next_ = 0;      ///< oldest slot the device owns; counts up for ever
  uint32_t posted_ = 0;    ///< slots the device owns, from next_ on
  bool fragment_ = false;  ///< inside a frame longer than one buffer
};

/// Transmit descriptors, each with memory for one frame.
class TxRing {
 public:
  static constexpr uint32_t kBytes = kTxSlots * sizeof(TxDescriptor);

  Status create(Platform& platform);
  void clear();
  Phys bus() const { return memory_.bus; }

  /// Copies a frame into the next slot, padded with zeros to the least Ethernet length. False when
  /// it is empty or longer than kMaxFrameBytes, or the ring is full.
  bool push(std::span<const Bytes> pieces);
  /// True when slots were filled since the last call; the device is to be told tail() then.
  bool take_news();
  uint32_t tail() const { return told_ % kTxSlots; }
  /// Notes what the device has sent. True when that is all it was told of.
  bool reclaim();

 private:
  DmaBlock memory_, frames_;
  TxDescriptor* slots_ = nullptr;
  // All count up for ever; the slot is the remainder.
  uint32_t next_ = 0;    ///< next slot to fill
  uint32_t told_ = 0;    ///< what the device knows of
  uint32_t oldest_ = 0;  ///< oldest slot not known to be sent
};

}  // namespace hawser::e1000
