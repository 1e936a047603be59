// Intel gigabit Ethernet, polled: 8254x, 8257x, and those with several queues, of which one is
// used. Sources: see registers.h.
#pragma once

#include <optional>

#include "drivers/e1000/registers.h"
#include "drivers/pci/table.h"
#include "drivers/ring_nic.h"

namespace hawser::e1000 {

/// Chips that are driven alike.
enum class Family : uint8_t {
  Pci82540,   ///< 82544, 82540, 82545, 82546
  Pci82541,   ///< 82541, 82547: like 82540 with the other EERD layout
  Pcie8257x,  ///< 82571, 82572, 82573, 82574, 82583
  Queues,     ///< 82575, 82576, 82580, I350, I210, I211
};

struct SharedMemory {
  Descriptor rx[RingNic::kRxSlots], tx[RingNic::kTxSlots];
};

class Device final : public RingNic {
 public:
  Device(std::unique_ptr<CardIo> io, std::string_view chip, Platform& platform, Family family)
      : RingNic(std::move(io), chip, platform, kMostTx, kMostRx), family_(family) {}
  ~Device() override { close(); }

  std::string_view driver() const override { return "e1000"; }
  Status attach() override;
  void close() override;
  Link link() override { return StatusBits::kLinkUp.in(get(reg::status)) ? Link::Up : Link::Down; }

 private:
  Status create() override;
  Status start() override;
  void stop() override;
  void send(uint32_t slot, Phys bus, uint32_t bytes) override;
  void tell_of_frames() override { set(reg::tx_tail, tx_tail()); }
  bool sent(uint32_t slot) override;
  void post(uint32_t slot, Phys bus) override { memory_->rx[slot] = {.buffer = bus}; }
  void tell_of_buffers() override { set(reg::rx_tail, rx_tail()); }
  std::optional<Arrival> take() override;
  void add_statistics() override;

  template <class Tag>
  Value<Tag> get(Register<Tag> reg) {
    return {io_->read(reg.offset, 4)};
  }
  template <class Tag>
  void set(Register<Tag> reg, Value<Tag> value) {
    io_->write(reg.offset, value.raw, 4);
  }
  void set(Register<Number> reg, uint32_t value) { io_->write(reg.offset, value, 4); }

  bool pcie() const { return family_ >= Family::Pcie8257x; }
  bool queues() const { return family_ == Family::Queues; }
  void quiet();
  void receive(bool on);
  Status reset();
  std::optional<Mac> mac_from_registers();
  std::optional<Mac> mac_from_eeprom();
  std::optional<uint16_t> read_eeprom(uint32_t word);
  void program_filters();
  std::optional<uint32_t> ask_phy(Value<Mdic> request);
  void negotiate();
  Status start_receiver();
  Status start_transmitter();
  Status enable(Register<QueueControl> queue, std::string_view name);

  Family family_;
  bool attached_ = false;
  SharedMemory* memory_ = nullptr;
  Phys bus_ = 0;
  bool fragment_ = false;  ///< inside a frame longer than one buffer
};

Result<std::unique_ptr<Nic>> probe_family(Family family, const pci::Function& function,
                                          std::string_view chip, const pci::Resources& resources);

/// For pci::Row::probe.
template <Family family>
Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  return probe_family(family, function, chip, resources);
}

}  // namespace hawser::e1000
