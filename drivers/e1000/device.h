// Intel 8254x and 8257x gigabit Ethernet, polled. Sources: see registers.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "drivers/e1000/registers.h"
#include "drivers/e1000/rings.h"
#include "drivers/nic.h"
#include "src/base/format.h"
#include "src/platform.h"

namespace hawser::e1000 {

/// Chips that are driven alike.
enum class Family : uint8_t {
  Pci82540,   ///< 82544, 82540, 82545, 82546
  Pci82541,   ///< 82541, 82547: like 82540 with the other EERD layout
  Pcie8257x,  ///< 82571, 82572, 82573, 82574, 82583
};

/// One card. `Io` reaches its registers and switches its DMA:
///   uint32_t read(uint32_t offset);  void write(uint32_t offset, uint32_t value);
///   void bus_master(bool on);
template <class Io>
class Device final : public Nic {
 public:
  /// `chip` points at static text; `platform` is borrowed for life (clock and DMA memory).
  Device(Io io, Family family, std::string_view chip, Platform& platform)
      : io_(io), family_(family), chip_(chip), platform_(platform) {}
  ~Device() override { close(); }

  /// Stops whatever the card was doing for its previous owner and reads its address. The rest
  /// of the interface is for attached cards only.
  /// Errors: Device (no register answers, or no valid address anywhere).
  Status attach();

  std::string_view driver() const override { return "e1000"; }
  std::string_view chip() const override { return chip_; }
  Mac mac() const override { return mac_; }
  Mac permanent_mac() const override { return permanent_mac_; }
  Status set_mac(const Mac& mac) override {
    mac_ = mac;  // open() writes it to RAL and RAH
    return ok_status();
  }
  uint32_t mtu() const override { return 1500; }
  Status open(FramePort& port) override;
  void close() override;
  Link link() override { return StatusBits::kLinkUp.in(get(reg::status)) ? Link::Up : Link::Down; }
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override;

 private:
  template <class Tag>
  Value<Tag> get(Register<Tag> reg) {
    return {io_.read(reg.offset)};
  }
  template <class Tag>
  void set(Register<Tag> reg, Value<Tag> value) {
    io_.write(reg.offset, value.raw);
  }
  void set(Register<Number> reg, uint32_t value) { io_.write(reg.offset, value); }
  template <class Condition>
  bool wait(uint64_t limit_us, Condition condition);

  void quiet();
  void receive(bool on);
  Status reset();
  std::optional<Mac> mac_from_registers();
  std::optional<Mac> mac_from_eeprom();
  std::optional<uint16_t> read_eeprom(uint32_t word);
  void program_filters();
  void start_receiver();
  void start_transmitter();
  void refill();
  void tell_of_frames();

  Io io_;
  Family family_;
  std::string_view chip_;
  Platform& platform_;
  Mac mac_, permanent_mac_;
  bool attached_ = false;
  FramePort* port_ = nullptr;  ///< set while open
  NicCounters counters_;

  RxRing rx_;
  TxRing tx_;
};

template <class Io>
template <class Condition>
bool Device<Io>::wait(uint64_t limit_us, Condition condition) {
  uint64_t start = platform_.now_us();
  for (;;) {
    if (condition()) return true;
    if (platform_.now_us() - start > limit_us) return condition();
  }
}

inline bool usable(const Mac& mac) {
  return !(mac.bytes[0] & 1) && mac != Mac{};  // unicast; covers ff:ff:ff:ff:ff:ff as well
}

template <class Io>
Status Device<Io>::attach() {
  io_.bus_master(false);
  if (get(reg::status).raw == ~uint32_t{0})
    return Error{Errc::Device, "e1000: register STATUS reads as all ones; is the card powered?"};
  quiet();
  receive(true);  // early; with an empty ring and DMA off nothing comes of it until open()
  auto mac = mac_from_registers();
  if (!mac) mac = mac_from_eeprom();
  if (!mac)
    return Error{Errc::Device,
                 "e1000: no valid address in RAL/RAH or the EEPROM (EERD); is it blank?"};
  mac_ = permanent_mac_ = *mac;
  attached_ = true;
  return ok_status();
}

/// Nothing to send, nowhere to put what arrives, and no interrupts.
template <class Io>
void Device<Io>::quiet() {
  set(reg::interrupt_mask_clear, ~uint32_t{0});
  set(reg::tctl, Value<Tctl>{Tctl::kPadShort.mask()});
  for (auto ring :
       {reg::rx_length, reg::rx_head, reg::rx_tail, reg::tx_length, reg::tx_head, reg::tx_tail})
    set(ring, 0);
  get(reg::status);  // posts the writes
}

/// Writes RCTL only when that changes it: QEMU's 8254x holds back all frames for one second after
/// every write, which would be most of the time from power-on to kernel.
template <class Io>
void Device<Io>::receive(bool on) {
  Value<Rctl> wanted;
  if (on)
    wanted = Rctl::kBufferSize.of(0) | Rctl::kEnable | Rctl::kMulticastPromiscuous |
             Rctl::kBroadcast | Rctl::kStripCrc;
  if (get(reg::rctl).raw != wanted.raw) set(reg::rctl, wanted);
}

/// SDM §14.3. The PHY is left alone: a restarted auto-negotiation costs seconds on a real cable,
/// and link state is the first thing the user waits for.
template <class Io>
Status Device<Io>::reset() {
  constexpr uint64_t kMasterLimitUs = 80'000, kResetLimitUs = 100'000, kEepromLimitUs = 100'000;
  constexpr uint64_t kResponseUs = 10, kEepromReloadUs = 5'000;
  quiet();
  if (family_ == Family::Pcie8257x) {  // 82574 §5.2.3.1: no request may be pending at reset
    set(reg::ctrl, get(reg::ctrl) | Ctrl::kMasterDisable);
    wait(kMasterLimitUs, [&] { return !StatusBits::kMasterEnabled.in(get(reg::status)); });
  }
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);
  wait(kResponseUs, [] { return false; });  // registers must not be touched for 1 us (§13.4.1)
  if (!wait(kResetLimitUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); }))
    return Error{Errc::Device, "e1000: register CTRL: reset did not complete in 100 ms"};
  if (family_ == Family::Pcie8257x) {
    if (!wait(kEepromLimitUs, [&] { return Eecd::kAutoReadDone.in(get(reg::eecd)); }))
      return Error{Errc::Device, "e1000: register EECD: EEPROM was not read within 100 ms"};
  } else {
    wait(kEepromReloadUs, [] { return false; });  // no flag tells (§5.6.4)
  }
  quiet();
  get(reg::interrupt_cause);
  return ok_status();
}

template <class Io>
std::optional<Mac> Device<Io>::mac_from_registers() {
  uint32_t low = get(reg::address_low).raw;
  Value<AddressHigh> high = get(reg::address_high);
  if (!AddressHigh::kValid.in(high)) return std::nullopt;
  Mac mac;
  write_le(mac.bytes.data(), low);
  write_le(mac.bytes.data() + 4, uint16_t(AddressHigh::kAddress.get(high)));
  if (!usable(mac)) return std::nullopt;
  return mac;
}

template <class Io>
std::optional<Mac> Device<Io>::mac_from_eeprom() {
  Mac mac;
  for (uint32_t word = 0; word < 3; ++word) {  // SDM §5.6.1
    auto value = read_eeprom(word);
    if (!value) return std::nullopt;
    write_le(mac.bytes.data() + size_t{2} * word, *value);
  }
  if (!usable(mac)) return std::nullopt;
  return mac;
}

template <class Io>
std::optional<uint16_t> Device<Io>::read_eeprom(uint32_t word) {
  constexpr uint64_t kReadLimitUs = 10'000;
  bool old_layout = family_ == Family::Pci82540;  // SDM tables 13-10 and 13-11
  Field<Eerd> done = old_layout ? Field<Eerd>{4} : Field<Eerd>{1};
  Field<Eerd> address = old_layout ? Field<Eerd>{8, 8} : Field<Eerd>{2, 14};
  set(reg::eerd, address.of(word) | Eerd::kStart);
  Value<Eerd> value;
  if (!wait(kReadLimitUs, [&] { return done.in(value = get(reg::eerd)); })) return std::nullopt;
  return uint16_t(Eerd::kData.get(value));
}

template <class Io>
Status Device<Io>::open(FramePort& port) {
  if (port_) close();
  TRY(rx_.create(platform_));
  TRY(tx_.create(platform_));
  TRY(reset());
  port_ = &port;
  program_filters();
  Value<Ctrl> ctrl = get(reg::ctrl) - Ctrl::kForceSpeed - Ctrl::kForceDuplex -
                     Ctrl::kInvertLossOfSignal - Ctrl::kPhyReset - Ctrl::kVlanMode -
                     Ctrl::kMasterDisable;
  set(reg::ctrl, ctrl | Ctrl::kSetLinkUp | Ctrl::kFullDuplex);  // speed as the PHY tells
  io_.bus_master(true);
  start_transmitter();
  start_receiver();
  counters();  // clears what the card counted for its previous owner
  counters_ = {};
  return ok_status();
}

/// Own address, broadcast, and every multicast (neighbour discovery joins groups at run time).
template <class Io>
void Device<Io>::program_filters() {
  set(reg::flow_control_low, 0);
  set(reg::flow_control_high, 0);
  set(reg::flow_control_type, 0);
  set(reg::flow_control_timer, 0);
  uint32_t low;
  uint16_t high;
  std::memcpy(&low, mac_.bytes.data(), sizeof low);
  std::memcpy(&high, mac_.bytes.data() + sizeof low, sizeof high);
  set(reg::address_low, low);
  set(reg::address_high, AddressHigh::kAddress.of(high) | AddressHigh::kValid);
  for (uint32_t pair = 1; pair < kAddressPairs; ++pair)
    set(reg::address_high.element(pair, 8), Value<AddressHigh>{});
  for (uint32_t word = 0; word < kMulticastWords; ++word)
    set(reg::multicast_table.element(word), 0);
}

template <class Io>
void Device<Io>::start_transmitter() {
  tx_.clear();
  set(reg::tx_base_low, uint32_t(tx_.bus()));
  set(reg::tx_base_high, uint32_t(tx_.bus() >> 32));
  set(reg::tx_length, TxRing::kBytes);
  set(reg::tx_head, 0);
  set(reg::tx_tail, 0);
  // Copper: SDM table 13-77 and §14.5.
  set(reg::tipg, Tipg::kTransmit.of(8) | Tipg::kReceive1.of(8) | Tipg::kReceive2.of(6));
  Value<Tctl> tctl = Tctl::kCollisionThreshold.of(0x0f) | Tctl::kCollisionDistance.of(0x40) |
                     Tctl::kEnable | Tctl::kPadShort | Tctl::kRetransmitLate;
  if (family_ == Family::Pcie8257x) {
    set(reg::txdctl, Txdctl::kCountDescriptors | Txdctl::kGranularity);
    tctl = tctl | Tctl::kMultipleRequests;
  }
  set(reg::tctl, tctl);
}

template <class Io>
void Device<Io>::start_receiver() {
  rx_.clear();
  set(reg::rx_base_low, uint32_t(rx_.bus()));
  set(reg::rx_base_high, uint32_t(rx_.bus() >> 32));
  set(reg::rx_length, RxRing::kBytes);
  set(reg::rx_head, 0);
  set(reg::rx_tail, 0);
  set(reg::rx_delay, 0);
  set(reg::rx_absolute_delay, 0);
  receive(true);
  refill();  // after the enable: SDM §14.4 wants the tail moved last
}

template <class Io>
void Device<Io>::refill() {
  if (rx_.refill(*port_)) set(reg::rx_tail, rx_.tail());
}

template <class Io>
void Device<Io>::tell_of_frames() {
  if (tx_.take_news()) set(reg::tx_tail, tx_.tail());
}

template <class Io>
size_t Device<Io>::poll(size_t budget) {
  if (!port_) return 0;
  tell_of_frames();
  size_t delivered = 0;
  for (size_t taken = 0; taken < budget; ++taken) {
    auto arrival = rx_.take();
    if (!arrival) break;
    if (arrival->verdict == RxRing::Verdict::Good) {
      ++delivered;
      ++counters_.rx_frames;
      port_->received(arrival->buffer, arrival->length);
      if (!port_) return delivered;  // the stack closed us from within
    } else {
      counters_.rx_errors += arrival->verdict == RxRing::Verdict::Bad;  // once a frame
      port_->give_back(arrival->buffer);
    }
  }
  refill();
  return delivered;
}

template <class Io>
bool Device<Io>::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  bool queued = tx_.push(pieces);
  ++(queued ? counters_.tx_frames : counters_.tx_errors);
  return queued;
}

template <class Io>
const NicCounters& Device<Io>::counters() {
  if (!port_) return counters_;
  counters_.rx_errors += uint64_t{get(reg::crc_errors).raw} + get(reg::alignment_errors).raw +
                         get(reg::receive_errors).raw + get(reg::length_errors).raw;
  counters_.rx_missed += get(reg::missed_packets).raw;
  counters_.tx_errors +=
      uint64_t{get(reg::excessive_collisions).raw} + get(reg::late_collisions).raw;
  return counters_;
}

template <class Io>
void Device<Io>::close() {
  constexpr uint64_t kDrainUs = 10'000, kSettleUs = 1'000, kResetUs = 10'000;
  if (!attached_) return;
  receive(false);
  if (!port_) return;
  tell_of_frames();  // last words to a server, if the link is up at all
  wait(kDrainUs, [&] { return tx_.reclaim() || link() == Link::Down; });
  counters();
  quiet();
  wait(kSettleUs, [] { return false; });          // a frame under way ends: 12 us at 1 Gbit/s
  io_.bus_master(false);                          // from here on nothing reaches memory
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);  // forgets the ring addresses
  wait(kResetUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); });
  set(reg::interrupt_mask_clear, ~uint32_t{0});
  rx_.return_all(*std::exchange(port_, nullptr));
}

}  // namespace hawser::e1000
