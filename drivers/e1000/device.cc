#include "drivers/e1000/device.h"

#include <atomic>
#include <cstddef>
#include <cstring>

#include "src/base/bytes.h"
#include "src/base/format.h"

namespace hawser::e1000 {
namespace {

/// Reads the word of a descriptor that the card writes last.
uint32_t state_of(uint32_t& word) { return std::atomic_ref(word).load(std::memory_order_acquire); }

bool usable(const Mac& mac) {
  return !(mac.bytes[0] & 1) && mac != Mac{};  // unicast; covers ff:ff:ff:ff:ff:ff as well
}

}  // namespace

// --- bring-up ------------------------------------------------------------------------------------

Status Device::attach() {
  io_->bus_master(false);
  if (get(reg::status).raw == ~uint32_t{0})
    return device_error("register STATUS reads as all ones; is the card powered?");
  quiet();
  receive(true);  // early; with an empty ring and DMA off nothing comes of it until start()
  auto mac = mac_from_registers();
  if (!mac) mac = mac_from_eeprom();
  if (!mac)
    return device_error("no valid address in RAL/RAH, and the EEPROM (EERD) does not answer");
  TRY(adopt(*mac));
  attached_ = true;
  return ok_status();
}

Status Device::create() {
  DmaBlock block = TRY(platform_.dma(sizeof(SharedMemory), 4096));
  memory_ = reinterpret_cast<SharedMemory*>(block.data);
  bus_ = block.bus;
  return ok_status();
}

/// Nothing to send, nowhere to put what arrives, and no interrupts.
void Device::quiet() {
  set(reg::interrupt_mask_clear, ~uint32_t{0});
  set(reg::tctl, Value<Tctl>{Tctl::kPadShort.mask()});
  if (queues())  // rings are moved while these are off (I210 §8.10.4)
    for (auto queue : {reg::rx_queue, reg::tx_queue})
      set(queue, get(queue) - QueueControl::kEnable);
  for (auto ring :
       {reg::rx_length, reg::rx_head, reg::rx_tail, reg::tx_length, reg::tx_head, reg::tx_tail})
    set(ring, 0);
  get(reg::status);  // posts the writes
}

/// Writes RCTL only when that changes it: QEMU's 8254x holds back all frames for one second after
/// every write, which would be most of the time from power-on to kernel.
void Device::receive(bool on) {
  Value<Rctl> wanted;
  if (on)
    wanted = Rctl::kBufferSize.of(0) | Rctl::kEnable | Rctl::kMulticastPromiscuous |
             Rctl::kBroadcast | Rctl::kStripCrc;
  if (get(reg::rctl).raw != wanted.raw) set(reg::rctl, wanted);
}

/// SDM §14.3. The PHY is left alone: a restarted auto-negotiation costs seconds on a real cable,
/// and link state is the first thing the user waits for.
Status Device::reset() {
  constexpr uint64_t kMasterLimitUs = 80'000, kResetLimitUs = 100'000, kEepromLimitUs = 100'000;
  constexpr uint64_t kResponseUs = 10, kEepromReloadUs = 5'000;
  quiet();
  if (pcie()) {  // 82574 §5.2.3.1: no request may be pending at reset
    set(reg::ctrl, get(reg::ctrl) | Ctrl::kMasterDisable);
    wait(kMasterLimitUs, [&] { return !StatusBits::kMasterEnabled.in(get(reg::status)); });
  }
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);
  wait(kResponseUs, [] { return false; });  // registers must not be touched for 1 us (§13.4.1)
  if (!wait(kResetLimitUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); }))
    return device_error("register CTRL: reset did not complete in 100 ms");
  auto was_read = [&] { return Eecd::kAutoReadDone.in(get(reg::eecd)); };
  if (family_ == Family::Pcie8257x) {
    if (!wait(kEepromLimitUs, was_read))
      return device_error("register EECD: EEPROM was not read within 100 ms");
  } else if (queues()) {
    wait(kEepromReloadUs, was_read);  // some have none, and set up without it
  } else {
    wait(kEepromReloadUs, [] { return false; });  // no flag tells (§5.6.4)
  }
  quiet();
  get(reg::interrupt_cause);
  return ok_status();
}

std::optional<Mac> Device::mac_from_registers() {
  uint32_t low = get(reg::address_low).raw;
  Value<AddressHigh> high = get(reg::address_high);
  if (!AddressHigh::kValid.in(high)) return std::nullopt;
  Mac mac;
  write_le(mac.bytes.data(), low);
  write_le(mac.bytes.data() + 4, uint16_t(AddressHigh::kAddress.get(high)));
  if (!usable(mac)) return std::nullopt;
  return mac;
}

std::optional<Mac> Device::mac_from_eeprom() {
  Mac mac;
  for (uint32_t word = 0; word < 3; ++word) {  // SDM §5.6.1
    auto value = read_eeprom(word);
    if (!value) return std::nullopt;
    write_le(mac.bytes.data() + size_t{2} * word, *value);
  }
  return mac;
}

std::optional<uint16_t> Device::read_eeprom(uint32_t word) {
  constexpr uint64_t kReadLimitUs = 10'000;
  bool old_layout = family_ == Family::Pci82540;  // SDM tables 13-10 and 13-11
  Field<Eerd> done = old_layout ? Field<Eerd>{4} : Field<Eerd>{1};
  Field<Eerd> address = old_layout ? Field<Eerd>{8, 8} : Field<Eerd>{2, 14};
  set(reg::eerd, address.of(word) | Eerd::kStart);
  Value<Eerd> value;
  if (!wait(kReadLimitUs, [&] { return done.in(value = get(reg::eerd)); })) return std::nullopt;
  return uint16_t(Eerd::kData.get(value));
}

Status Device::start() {
  TRY(reset());
  std::memset(static_cast<void*>(memory_), 0, sizeof *memory_);
  fragment_ = false;
  program_filters();
  Value<Ctrl> ctrl = get(reg::ctrl) - Ctrl::kForceSpeed - Ctrl::kForceDuplex -
                     Ctrl::kInvertLossOfSignal - Ctrl::kPhyReset - Ctrl::kVlanMode -
                     Ctrl::kMasterDisable;
  set(reg::ctrl, ctrl | Ctrl::kSetLinkUp | Ctrl::kFullDuplex);  // speed as the PHY tells
  io_->bus_master(true);
  if (queues()) negotiate();
  TRY(start_transmitter());
  TRY(start_receiver());
  add_statistics();  // clears what the card counted for its previous owner
  count() = {};
  return ok_status();
}

std::optional<uint32_t> Device::ask_phy(Value<Mdic> request) {
  constexpr uint64_t kLimitUs = 1'000;  // it takes 64
  set(reg::mdic, request | Mdic::kPhyAddress.of(phy::kAddress));
  Value<Mdic> answer;
  if (!wait(kLimitUs, [&] { return Mdic::kReady.in(answer = get(reg::mdic)); }) ||
      Mdic::kError.in(answer))
    return std::nullopt;
  return Mdic::kData.get(answer);
}

/// The PHY has a link of which the MAC does not know: virtual cards have theirs negotiated by the
/// driver. Where that was done since power-on, it is not begun anew.
void Device::negotiate() {
  constexpr uint64_t kLimitUs = 10'000;
  if (wait(kLimitUs, [&] { return link() == Link::Up; })) return;
  auto status = ask_phy(Mdic::kOperation.of(2) | Mdic::kPhyRegister.of(phy::kStatus));
  if (status && (*status & phy::kLinkUp))
    ask_phy(Mdic::kOperation.of(1) | Mdic::kPhyRegister.of(phy::kControl) |
            Mdic::kData.of(phy::kNegotiate));
}

/// Own address, broadcast, and every multicast (neighbour discovery joins groups at run time).
void Device::program_filters() {
  set(reg::flow_control_low, 0);
  set(reg::flow_control_high, 0);
  set(reg::flow_control_type, 0);
  set(reg::flow_control_timer, 0);
  Mac own = mac();
  set(reg::address_low, *read_le<uint32_t>(own.bytes, 0));
  set(reg::address_high,
      AddressHigh::kAddress.of(*read_le<uint16_t>(own.bytes, 4)) | AddressHigh::kValid);
  for (uint32_t pair = 1; pair < kAddressPairs; ++pair)
    set(reg::address_high.element(pair, 8), Value<AddressHigh>{});
  for (uint32_t word = 0; word < kMulticastWords; ++word)
    set(reg::multicast_table.element(word), 0);
}

/// I210 §4.5.9, §4.5.10: before the tail is moved.
Status Device::enable(Register<QueueControl> queue, std::string_view name) {
  constexpr uint64_t kLimitUs = 10'000;
  set(queue, (get(queue) - QueueControl::kWriteBackThreshold) | QueueControl::kEnable);
  if (!wait(kLimitUs, [&] { return QueueControl::kEnable.in(get(queue)); }))
    return device_error(cat("register ", name, ": the queue was not enabled within 10 ms"));
  return ok_status();
}

Status Device::start_transmitter() {
  Phys ring = bus_ + offsetof(SharedMemory, tx);
  set(reg::tx_base_low, uint32_t(ring));
  set(reg::tx_base_high, uint32_t(ring >> 32));
  set(reg::tx_length, sizeof memory_->tx);
  set(reg::tx_head, 0);
  set(reg::tx_tail, 0);
  Value<Tctl> tctl = Tctl::kCollisionThreshold.of(0x0f) | Tctl::kCollisionDistance.of(0x40) |
                     Tctl::kEnable | Tctl::kPadShort | Tctl::kRetransmitLate;
  if (queues()) {
    TRY(enable(reg::tx_queue, "TXDCTL"));
  } else {  // copper: SDM table 13-77 and §14.5
    set(reg::tipg, Tipg::kTransmit.of(8) | Tipg::kReceive1.of(8) | Tipg::kReceive2.of(6));
  }
  if (family_ == Family::Pcie8257x) {
    set(reg::txdctl, Txdctl::kCountDescriptors | Txdctl::kGranularity);
    tctl = tctl | Tctl::kMultipleRequests;
  }
  set(reg::tctl, tctl);
  return ok_status();
}

Status Device::start_receiver() {
  Phys ring = bus_ + offsetof(SharedMemory, rx);
  set(reg::rx_base_low, uint32_t(ring));
  set(reg::rx_base_high, uint32_t(ring >> 32));
  set(reg::rx_length, sizeof memory_->rx);
  set(reg::rx_head, 0);
  set(reg::rx_tail, 0);
  if (queues()) {
    set(reg::rx_split, SplitControl::kPacketBufferKiB.of(kRxBufferBytes / 1024) |
                           SplitControl::kDescriptorType.of(1));
    TRY(enable(reg::rx_queue, "RXDCTL"));
  } else {
    set(reg::rx_delay, 0);
    set(reg::rx_absolute_delay, 0);
  }
  receive(true);  // before the first buffers: SDM §14.4 wants the tail moved last
  return ok_status();
}

void Device::stop() {
  constexpr uint64_t kSettleUs = 1'000, kResetUs = 10'000;
  add_statistics();
  receive(false);
  quiet();
  wait(kSettleUs, [] { return false; });          // a frame under way ends: 12 us at 1 Gbit/s
  io_->bus_master(false);                         // from here on nothing reaches memory
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);  // forgets the ring addresses
  wait(kResetUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); });
  set(reg::interrupt_mask_clear, ~uint32_t{0});
}

void Device::close() {
  if (attached_) receive(false);  // also what attach() began
  RingNic::close();
}

// --- frames --------------------------------------------------------------------------------------

void Device::send(uint32_t slot, Phys bus, uint32_t bytes) {
  Descriptor filled{.buffer = bus, .low = bytes | legacy::kSend};
  if (queues())
    filled = {.buffer = bus, .low = bytes | advanced::kSend, .high = bytes << advanced::kPayloadAt};
  memory_->tx[slot] = filled;
}

bool Device::sent(uint32_t slot) { return state_of(memory_->tx[slot].high) & kDone; }

/// A frame longer than one buffer comes in several: all are dropped, and counted with the last.
std::optional<RingNic::Arrival> Device::take() {
  for (; rx_posted() > 0; port().give_back(collect())) {
    Descriptor& slot = memory_->rx[rx_slot()];
    uint32_t state = state_of(queues() ? slot.low : slot.high);
    if (!(state & kDone)) break;
    auto length = uint16_t(queues() ? slot.high : slot.low);  // read once: the card could change it
    bool whole = !fragment_, good = !(state & (queues() ? advanced::kErrors : legacy::kErrors));
    fragment_ = !(state & kEndOfPacket);
    if (!fragment_)
      return Arrival{collect(), good && whole && length <= kRxBufferBytes ? length : 0u};
  }
  return std::nullopt;
}

void Device::add_statistics() {
  NicCounters& counted = count();
  counted.rx_errors += uint64_t{get(reg::crc_errors).raw} + get(reg::alignment_errors).raw +
                       get(reg::receive_errors).raw + get(reg::length_errors).raw;
  counted.rx_missed += get(reg::missed_packets).raw;
  counted.tx_errors += uint64_t{get(reg::excessive_collisions).raw} + get(reg::late_collisions).raw;
}

Result<std::unique_ptr<Nic>> probe_family(Family family, const pci::Function& function,
                                          std::string_view chip, const pci::Resources& resources) {
  auto io = TRY(card_memory(function, resources.platform, kRegisterBytes));
  return attached<Device>(std::move(io), chip, resources.platform, family);
}

}  // namespace hawser::e1000
