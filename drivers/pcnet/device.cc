#include "drivers/pcnet/device.h"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>

#include "src/base/bytes.h"

namespace hawser::pcnet {
namespace {

uint32_t state_of(Descriptor& descriptor) {
  return std::atomic_ref(descriptor.state).load(std::memory_order_acquire);
}

void hand_over(Descriptor& descriptor, Phys buffer, uint32_t bytes, uint32_t flags) {
  descriptor.buffer = uint32_t(buffer);
  descriptor.received = 0;
  uint32_t length = (0 - bytes) & Descriptor::kLengthMask;
  std::atomic_ref(descriptor.state)
      .store(Descriptor::kOwn | flags | Descriptor::kOnes | length, std::memory_order_release);
}

}  // namespace

uint16_t Device::csr(uint32_t number) {
  io_->write(port::kAddress, number, 2);
  return uint16_t(io_->read(port::kData, 2));
}

void Device::set_csr(uint32_t number, uint16_t value) {
  io_->write(port::kAddress, number, 2);
  io_->write(port::kData, value, 2);
}

void Device::set_bcr(uint32_t number, uint16_t value) {
  io_->write(port::kAddress, number, 2);
  io_->write(port::kBusData, value, 2);
}

Link Device::link() {
  io_->write(port::kAddress, kBcrLed0, 2);
  return io_->read(port::kBusData, 2) & kLedOn ? Link::Up : Link::Down;
}

Status Device::attach() {
  io_->bus_master(false);
  stop();
  if (csr(0) != csr0::kStop)
    return device_error(
        "register CSR0 is not that of a stopped card after a reset; is it powered?");
  Mac mac;
  for (uint32_t i = 0; i < mac.bytes.size(); ++i)
    mac.bytes[i] = uint8_t(io_->read(port::kAddressProm + i, 1));
  set_bcr(kBcrLed0, kLed0Link);
  return adopt(mac);
}

Status Device::create() {
  DmaBlock block = TRY(platform_.dma(sizeof(SharedMemory), 4096));
  memory_ = reinterpret_cast<SharedMemory*>(block.data);
  bus_ = block.bus;
  return ok_status();
}

Status Device::start() {
  constexpr uint64_t kInitLimitUs = 100'000;
  stop();
  std::memset(static_cast<void*>(memory_), 0, sizeof *memory_);
  Mac own = mac();
  memory_->init = {
      .mode_and_lengths =
          InitBlock::ring_slots(std::countr_zero(kTxSlots), std::countr_zero(kRxSlots)),
      .address_low = *read_le<uint32_t>(own.bytes, 0),
      .address_high = *read_le<uint16_t>(own.bytes, 4),
      .multicast = {~uint32_t{0}, ~uint32_t{0}},
      .rx_ring = uint32_t(bus_ + offsetof(SharedMemory, rx)),
      .tx_ring = uint32_t(bus_ + offsetof(SharedMemory, tx)),
  };
  publish();
  set_bcr(kBcrSoftwareStyle, kStyle32);
  set_bcr(kBcrLed0, kLed0Link);
  set_csr(3, kCsr3Value);
  set_csr(4, kCsr4AutoPad);
  Phys init = bus_ + offsetof(SharedMemory, init);
  set_csr(1, uint16_t(init));
  set_csr(2, uint16_t(init >> 16));
  io_->bus_master(true);
  set_csr(0, csr0::kInit);
  if (!wait(kInitLimitUs, [&] { return csr(0) & csr0::kInitDone; }))
    return device_error("register CSR0: initialisation was not done (IDON) within 100 ms");
  set_csr(0, csr0::kInitDone | csr0::kStart);
  return ok_status();
}

/// Reading a port resets the card: which one depends on how wide the registers are just now.
void Device::stop() {
  constexpr uint64_t kSettleUs = 10;
  io_->read(port::kReset32, 4);
  io_->read(port::kReset, 2);
  wait(kSettleUs, [] { return false; });
}

void Device::send(uint32_t slot, Phys bus, uint32_t bytes) {
  hand_over(memory_->tx[slot], bus, bytes, Descriptor::kStart | Descriptor::kEnd);
}

bool Device::sent(uint32_t slot) {
  uint32_t state = state_of(memory_->tx[slot]);
  if (state & Descriptor::kOwn) return false;
  count().tx_errors += state & Descriptor::kError ? 1 : 0;
  return true;
}

void Device::post(uint32_t slot, Phys bus) { hand_over(memory_->rx[slot], bus, kRxBufferBytes, 0); }

std::optional<RingNic::Arrival> Device::take() {
  if (rx_posted() == 0) return std::nullopt;
  Descriptor& descriptor = memory_->rx[rx_slot()];
  uint32_t state = state_of(descriptor);
  if (state & Descriptor::kOwn) return std::nullopt;
  uint32_t length = descriptor.received & Descriptor::kLengthMask;  // read once
  constexpr uint32_t kWhole = Descriptor::kStart | Descriptor::kEnd;
  bool good = (state & kWhole) == kWhole && !(state & Descriptor::kError) && length > kFcsBytes &&
              length <= kRxBufferBytes;
  return Arrival{collect(), good ? length - kFcsBytes : 0};
}

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  return attached<Device>(TRY(card_ports(function)), chip, resources.platform);
}

}  // namespace hawser::pcnet
