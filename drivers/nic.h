// The interface of a network card driver: polled, no lwIP types, no policy.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/address.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/memory_map.h"

namespace hawser {

/// Memory for one received frame, lent to the driver by the network stack. `owner` is the
/// stack's; the driver only passes it back.
struct RxBuffer {
  void* owner = nullptr;
  uint8_t* data = nullptr;
  Phys bus = 0;
  uint32_t bytes = 0;  ///< at least kRxBufferBytes
};
/// Every receive buffer holds this much: one frame without FCS and with a VLAN tag fits.
inline constexpr uint32_t kRxBufferBytes = 2048;

/// `bytes` of a frame, from byte `at` of a buffer.
struct RxPart {
  RxBuffer* buffer = nullptr;
  uint32_t at = 0, bytes = 0;
};

/// Where a driver gets empty buffers and brings full ones. Implemented by net/stack.
class FramePort {
 public:
  virtual ~FramePort() = default;
  /// An empty buffer, now the driver's; nullptr when the pool is dry (the driver tries again on
  /// its next poll).
  virtual RxBuffer* take() = 0;
  /// A received frame of `length` bytes (without FCS) at the start of `buffer`; the buffer
  /// belongs to the stack again.
  void received(RxBuffer* buffer, uint32_t length) {
    RxPart part{buffer, 0, length};
    received_parts({&part, 1}, false);
  }
  /// The same for a frame behind something else, or in several buffers; `parts` may be changed.
  /// `checked`: it cannot have been damaged since its sender made it, so that sums of TCP and UDP,
  /// which may be missing, need no check.
  virtual void received_parts(std::span<RxPart> parts, bool checked) = 0;
  /// Gives a buffer back unused (bad frame, close).
  virtual void give_back(RxBuffer* buffer) = 0;
};

struct NicCounters {
  uint64_t tx_frames = 0, tx_errors = 0;
  uint64_t rx_frames = 0, rx_errors = 0;
  uint64_t rx_missed = 0;  ///< frames the card dropped because no buffer was ready
};

enum class Link : uint8_t { Down, Up };

class Nic {
 public:
  virtual ~Nic() = default;

  virtual std::string_view driver() const = 0;  ///< "e1000"
  virtual std::string_view chip() const = 0;    ///< "82540em": the setting `chip`
  virtual Mac mac() const = 0;                  ///< address in use; valid before open()
  virtual Mac permanent_mac() const { return mac(); }  ///< the card's own
  /// The unicast address that open() is to use. Errors: Unsupported. The caller has it closed.
  virtual Status set_mac(const Mac&) {
    return Error{Errc::Unsupported, "this card's driver cannot change the address"};
  }
  virtual uint32_t mtu() const = 0;             ///< largest IP packet, usually 1500
  /// False: frames with a VLAN's tag do not get through what is below.
  virtual bool carries_vlans() const { return true; }
  /// With `plain`, frames are delivered as they are on a wire: one by one, whole, with their sums.
  /// Holds from the next open() on.
  virtual void set_plain(bool) {}

  /// Resets the card, fills its rings from `port` (borrowed until close()), starts it.
  /// Does not wait for the link. Errors: Device, naming the register that did not respond.
  virtual Status open(FramePort& port) = 0;
  /// Stops DMA and returns all buffers. The card is quiet afterwards. Harmless when closed.
  virtual void close() = 0;

  virtual Link link() = 0;  ///< cheap; may be asked on every poll

  /// Queues one frame, given in pieces (Ethernet header onwards, no FCS; at most 1518 bytes in
  /// all), by copying it. False when the ring is full: the stack treats that as a lost frame.
  virtual bool transmit(std::span<const Bytes> pieces) = 0;
  /// Delivers up to `budget` received frames to the port, refills the ring, and tells the card of
  /// all frames queued since the last poll (one doorbell per batch). Returns frames delivered.
  virtual size_t poll(size_t budget) = 0;

  virtual const NicCounters& counters() = 0;
};

}  // namespace hawser
