// VMware's vmxnet3, polled. Source: see registers.h.
#pragma once

#include "drivers/pci/table.h"
#include "drivers/ring_nic.h"
#include "drivers/vmxnet3/registers.h"

namespace hawser::vmxnet3 {

/// All that is shared with the card, each part aligned as it wants.
struct SharedMemory {
  TxDescriptor tx[RingNic::kTxSlots];
  Completion tx_done[RingNic::kTxSlots];
  RxDescriptor rx[RingNic::kRxSlots];
  RxDescriptor rx_second[kSecondRingSlots];
  Completion rx_done[RingNic::kRxSlots + kSecondRingSlots];
  struct {  // beside each other
    TxQueue tx;
    RxQueue rx;
  } queues;
  Shared shared;
};
static_assert(offsetof(SharedMemory, rx_done) % 512 == 0 &&
              offsetof(SharedMemory, queues) % 128 == 0);

class Device final : public RingNic {
 public:
  Device(std::unique_ptr<CardIo> io, std::string_view chip, Platform& platform)
      : RingNic(std::move(io), chip, platform, kMostTx, kMostRx) {}
  ~Device() override { close(); }

  std::string_view driver() const override { return "vmxnet3"; }
  Status attach() override;
  Link link() override { return ask(command::kGetLink) & 1 ? Link::Up : Link::Down; }

 private:
  Status create() override;
  Status start() override;
  void stop() override;
  void send(uint32_t slot, Phys bus, uint32_t bytes) override;
  void tell_of_frames() override { set(reg::kTxProducer, tx_tail()); }
  bool sent(uint32_t slot) override;
  void post(uint32_t slot, Phys bus) override;
  void tell_of_buffers() override { set(reg::kRxProducer, rx_tail()); }
  std::optional<Arrival> take() override;

  uint32_t get(uint32_t reg) { return io_->read(reg, 4); }
  void set(uint32_t reg, uint32_t value) { io_->write(reg, value, 4); }
  uint32_t ask(uint32_t command) {
    set(reg::kCommand, command);
    return get(reg::kCommand);
  }
  void describe();

  /// A place in a ring, and whose turn it is.
  struct Cursor {
    uint32_t at = 0, generation = 1;
    void advance(uint32_t slots);
  };

  SharedMemory* memory_ = nullptr;
  Phys bus_ = 0;
  Cursor tx_, tx_done_, rx_, rx_done_;
};

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources);

}  // namespace hawser::vmxnet3
