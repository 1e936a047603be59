#include "drivers/vmxnet3/device.h"

#include <atomic>
#include <cstddef>
#include <cstring>

#include "src/base/bytes.h"

namespace hawser::vmxnet3 {
namespace {

/// Reads the word of a completion that the card writes last.
uint32_t state_of(Completion& completion) {
  return std::atomic_ref(completion.state).load(std::memory_order_acquire);
}

/// Writes the word that hands a descriptor to the card, after the others.
void hand_over(uint32_t& word, uint32_t value) {
  std::atomic_ref(word).store(value, std::memory_order_release);
}

}  // namespace

void Device::Cursor::advance(uint32_t slots) {
  if (++at < slots) return;
  at = 0;
  generation ^= 1;
}

Status Device::attach() {
  io_->bus_master(false);
  uint32_t revisions = get(reg::kRevision);
  if (revisions == ~uint32_t{0})
    return device_error("register VRRS reads as all ones; is the card powered?");
  if (!(revisions & 1) || !(get(reg::kUptRevision) & 1))
    return device_error("registers VRRS and UVRS do not offer revision 1");
  stop();
  Mac mac;
  write_le(mac.bytes.data(), ask(command::kGetMacLow));
  write_le(mac.bytes.data() + 4, uint16_t(ask(command::kGetMacHigh)));
  return adopt(mac);
}

Status Device::create() {
  DmaBlock block = TRY(platform_.dma(sizeof(SharedMemory), 4096));
  memory_ = reinterpret_cast<SharedMemory*>(block.data);
  bus_ = block.bus;
  return ok_status();
}

/// What the card is told of the rings and of us.
void Device::describe() {
  auto bus_of = [&](const void* part) {
    return bus_ + Phys(static_cast<const uint8_t*>(part) - reinterpret_cast<uint8_t*>(memory_));
  };
  SharedMemory& m = *memory_;
  m.queues.tx.ring = bus_of(m.tx);
  m.queues.tx.ring_slots = m.queues.tx.completion_slots = kTxSlots;
  m.queues.tx.completion_ring = bus_of(m.tx_done);
  m.queues.rx.ring[0] = bus_of(m.rx);
  m.queues.rx.ring[1] = bus_of(m.rx_second);
  m.queues.rx.ring_slots[0] = kRxSlots;
  m.queues.rx.ring_slots[1] = kSecondRingSlots;
  m.queues.rx.completion_ring = bus_of(m.rx_done);
  m.queues.rx.completion_slots = kRxSlots + kSecondRingSlots;

  m.shared.magic = Shared::kMagic;
  Misc& misc = m.shared.misc;
  misc.driver_version = misc.revision = misc.upt_revision = 1;
  misc.guest = Misc::kGuest64Bit | Misc::kGuestLinux;
  misc.queues = bus_of(&m.queues);
  misc.queues_bytes = sizeof m.queues;
  misc.mtu = mtu();
  misc.most_rx_pieces = misc.tx_queues = misc.rx_queues = 1;
  m.shared.interrupts.count = 1;
  m.shared.interrupts.control = Interrupts::kDisableAll;
  m.shared.filter.mode = Filter::kOwn | Filter::kBroadcast | Filter::kAllMulticast;
  std::memset(m.shared.filter.vlans, 0xff, sizeof m.shared.filter.vlans);  // we look at tags
}

Status Device::start() {
  stop();
  set(reg::kRevision, 1);
  set(reg::kUptRevision, 1);
  std::memset(static_cast<void*>(memory_), 0, sizeof *memory_);
  tx_ = tx_done_ = rx_ = rx_done_ = {};
  describe();
  publish();
  Phys shared = bus_ + offsetof(SharedMemory, shared);
  io_->bus_master(true);
  set(reg::kSharedLow, uint32_t(shared));
  set(reg::kSharedHigh, uint32_t(shared >> 32));
  if (ask(command::kActivate) != 0)
    return device_error("register CMD: the card does not accept its rings (ACTIVATE_DEV failed)");
  Mac own = mac();  // activation set the card's own
  set(reg::kMacLow, *read_le<uint32_t>(own.bytes, 0));
  set(reg::kMacHigh, *read_le<uint16_t>(own.bytes, 4));
  set(reg::kInterruptMask, 1);
  return ok_status();
}

void Device::stop() {
  set(reg::kCommand, command::kQuiesce);
  set(reg::kCommand, command::kReset);
  set(reg::kSharedLow, 0);
  set(reg::kSharedHigh, 0);
}

void Device::send(uint32_t slot, Phys bus, uint32_t bytes) {
  TxDescriptor& descriptor = memory_->tx[slot];
  descriptor.buffer = bus;
  descriptor.flags = TxDescriptor::kEndOfPacket | TxDescriptor::kReport;
  hand_over(descriptor.length, bytes | tx_.generation << TxDescriptor::kGenerationAt);
  tx_.advance(kTxSlots);
}

bool Device::sent(uint32_t) {
  uint32_t state = state_of(memory_->tx_done[tx_done_.at]);
  if (state >> Completion::kGenerationAt != tx_done_.generation) return false;
  tx_done_.advance(kTxSlots);
  return true;
}

void Device::post(uint32_t slot, Phys bus) {
  memory_->rx[slot].buffer = bus;
  hand_over(memory_->rx[slot].length,
            kRxBufferBytes | rx_.generation << RxDescriptor::kGenerationAt);
  rx_.advance(kRxSlots);
}

std::optional<RingNic::Arrival> Device::take() {
  Completion& done = memory_->rx_done[rx_done_.at];
  uint32_t state = state_of(done);
  if (state >> Completion::kGenerationAt != rx_done_.generation) return std::nullopt;
  rx_done_.advance(kRxSlots + kSecondRingSlots);
  uint32_t slot = done.slot, length = done.length;  // read once: the card could change them
  uint32_t ahead = ((slot & Completion::kSlotMask) - rx_slot()) % kRxSlots;
  if ((slot & Completion::kSlotMask) >= kRxSlots || ahead >= rx_posted()) return Arrival{};
  for (; ahead > 0; --ahead) port().give_back(collect());  // slots that the card passed over
  constexpr uint32_t kWhole = Completion::kStartOfPacket | Completion::kEndOfPacket;
  bool good = (slot & kWhole) == kWhole && !(length & Completion::kBad);
  length &= Completion::kLengthMask;
  return Arrival{collect(), good && length <= kRxBufferBytes ? length : 0};
}

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  function.disable_msix();
  auto io = TRY(card_memory_pair(function, resources.platform, reg::kBytes));
  return attached<Device>(std::move(io), chip, resources.platform);
}

}  // namespace hawser::vmxnet3
