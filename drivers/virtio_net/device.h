// virtio network device, polled. Source: see registers.h.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "drivers/nic.h"
#include "drivers/virtio_net/queue.h"
#include "drivers/virtio_net/transport.h"
#include "src/platform.h"

namespace hawser::virtio_net {

inline constexpr uint32_t kTxSlots = 128;
inline constexpr uint32_t kTxBufferBytes = 1536;  ///< header and one frame, in multiples of 64
inline constexpr uint32_t kMaxFrameBytes = 1518;  ///< with a VLAN tag, without FCS
/// Of a frame that the host puts together from TCP segments: 64 KiB, with headers.
inline constexpr size_t kMaxParts = 64 * 1024 / kRxBufferBytes + 2;
/// Empty slots wait until there are so many: each notification is an exit to the hypervisor.
inline constexpr uint32_t kRefillBatch = 64;

class Device final : public Nic {
 public:
  /// `platform` is borrowed for life (clock, DMA memory); `chip` points at static text.
  Device(std::unique_ptr<Transport> transport, std::string_view chip, Platform& platform)
      : transport_(std::move(transport)), chip_(chip), platform_(platform) {}
  ~Device() override { close(); }

  /// Stops whatever the device was doing for its previous owner and reads its address. The rest
  /// of the interface is for attached devices only.
  /// Errors: Device (no register answers, reset does not end, features are missing).
  Status attach();

  std::string_view driver() const override { return "virtio-net"; }
  std::string_view chip() const override { return chip_; }
  Mac mac() const override { return mac_; }
  Mac permanent_mac() const override { return permanent_mac_; }
  /// Ours alone: a device that is asked for no filters passes frames to any address (§5.1.6.5).
  Status set_mac(const Mac& mac) override {
    mac_ = mac;
    return ok_status();
  }
  uint32_t mtu() const override { return mtu_; }
  void set_plain(bool plain) override {
    features_ = plain ? features_ & ~large_frames_ : features_ | large_frames_;
  }
  Status open(FramePort& port) override;
  void close() override;
  Link link() override;
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override { return counters_; }

 private:
  template <class Condition>
  bool wait(uint64_t limit_us, Condition condition);
  Status reset();
  Status read_config();
  Status start();
  Status create_queue(uint16_t index, Queue& queue, bool split_header, uint32_t most_slots);
  void refill();
  void tell_of_frames();
  void reclaim();
  bool deliver(Queue::Done first);
  RxPart part_of(Queue::Done done, uint32_t skip);

  std::unique_ptr<Transport> transport_;
  std::string_view chip_;
  Platform& platform_;
  Mac mac_, permanent_mac_;
  uint32_t mtu_ = 1500;
  uint64_t features_ = 0;
  uint64_t large_frames_ = 0;  ///< of the features, those that merge frames
  uint32_t header_bytes_ = 0;  ///< in front of every frame
  FramePort* port_ = nullptr;  ///< set while open
  NicCounters counters_;

  Queue rx_, tx_;
  std::array<RxBuffer*, Queue::kMaxSlots> rx_buffers_{};  ///< by slot, while the device has it
  std::array<RxPart, kMaxParts> parts_;  ///< of the frame that is being put together
  DmaBlock tx_frames_;  ///< kTxBufferBytes for each slot; the headers stay all zeros
};

}  // namespace hawser::virtio_net
