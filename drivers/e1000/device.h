// Intel 8254x and 8257x gigabit Ethernet, polled. Sources: see registers.h.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "drivers/e1000/registers.h"
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

inline constexpr uint32_t kRxSlots = 512, kTxSlots = 256;   ///< multiples of 8 (SDM §3.2.6, §3.4)
inline constexpr uint32_t kTxBufferBytes = 1536;            ///< one frame, in multiples of 64
inline constexpr uint32_t kMaxFrameBytes = 1518;            ///< with a VLAN tag, without FCS
inline constexpr uint32_t kMinFrameBytes = 60;              ///< without FCS

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
  uint32_t mtu() const override { return 1500; }
  Status open(FramePort& port) override;
  void close() override;
  Link link() override {
    return StatusBits::kLinkUp.in(get(reg::status)) ? Link::Up : Link::Down;
  }
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
  Status make_rings();
  void program_filters();
  void start_receiver();
  void start_transmitter();
  void refill();
  void deliver(RxBuffer* buffer, const RxDescriptor& slot);
  void reclaim();

  Io io_;
  Family family_;
  std::string_view chip_;
  Platform& platform_;
  Mac mac_;
  bool attached_ = false;
  FramePort* port_ = nullptr;   ///< set while open
  NicCounters counters_;

  // Both rings: `next` counts up for ever, the slot is next % size. Kept over close().
  DmaBlock rx_memory_, tx_memory_, tx_frames_;
  RxDescriptor* rx_ = nullptr;
  TxDescriptor* tx_ = nullptr;
  std::array<RxBuffer*, kRxSlots> rx_buffers_{};
  uint32_t rx_next_ = 0;      ///< oldest slot the device owns
  uint32_t rx_posted_ = 0;    ///< slots the device owns: [rx_next_, rx_next_ + rx_posted_)
  bool rx_fragment_ = false;  ///< inside a frame longer than one buffer: dropped to its end
  uint32_t tx_next_ = 0;      ///< next slot to fill
  uint32_t tx_oldest_ = 0;    ///< oldest slot not known to be sent
  uint32_t tx_told_ = 0;      ///< what the tail register says
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
  return !(mac.bytes[0] & 1) && mac != Mac{};   // unicast; covers ff:ff:ff:ff:ff:ff as well
}

template <class Io>
Status Device<Io>::attach() {
  io_.bus_master(false);
  if (get(reg::status).raw == ~uint32_t{0})
    return Error{Errc::Device, "e1000: register STATUS reads as all ones; is the card powered?"};
  quiet();
  receive(true);   // early; with an empty ring and DMA off nothing comes of it until open()
  auto mac = mac_from_registers();
  if (!mac) mac = mac_from_eeprom();
  if (!mac)
    return Error{Errc::Device,
                 "e1000: no valid address in RAL/RAH or the EEPROM (EERD); is it blank?"};
  mac_ = *mac;
  attached_ = true;
  return ok_status();
}

/// Nothing to send, nowhere to put what arrives, and no interrupts.
template <class Io>
void Device<Io>::quiet() {
  set(reg::interrupt_mask_clear, ~uint32_t{0});
  set(reg::tctl, Value<Tctl>{Tctl::kPadShort.mask()});
  for (auto ring : {reg::rx_length, reg::rx_head, reg::rx_tail, reg::tx_length, reg::tx_head,
                    reg::tx_tail})
    set(ring, 0);
  get(reg::status);             // posts the writes
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
  if (family_ == Family::Pcie8257x) {   // 82574 §5.2.3.1: no request may be pending at reset
    set(reg::ctrl, get(reg::ctrl) | Ctrl::kMasterDisable);
    wait(kMasterLimitUs, [&] { return !StatusBits::kMasterEnabled.in(get(reg::status)); });
  }
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);
  wait(kResponseUs, [] { return false; });   // registers must not be touched for 1 us (§13.4.1)
  if (!wait(kResetLimitUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); }))
    return Error{Errc::Device, "e1000: register CTRL: reset did not complete in 100 ms"};
  if (family_ == Family::Pcie8257x) {
    if (!wait(kEepromLimitUs, [&] { return Eecd::kAutoReadDone.in(get(reg::eecd)); }))
      return Error{Errc::Device, "e1000: register EECD: EEPROM was not read within 100 ms"};
  } else {
    wait(kEepromReloadUs, [] { return false; });   // no flag tells (§5.6.4)
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
  for (uint32_t word = 0; word < 3; ++word) {   // SDM §5.6.1
    auto value = read_eeprom(word);
    if (!value) return std::nullopt;
    write_le(mac.bytes.data() + 2 * word, *value);
  }
  if (!usable(mac)) return std::nullopt;
  return mac;
}

template <class Io>
std::optional<uint16_t> Device<Io>::read_eeprom(uint32_t word) {
  constexpr uint64_t kReadLimitUs = 10'000;
  bool old_layout = family_ == Family::Pci82540;   // SDM tables 13-10 and 13-11
  Field<Eerd> done = old_layout ? Field<Eerd>{4} : Field<Eerd>{1};
  Field<Eerd> address = old_layout ? Field<Eerd>{8, 8} : Field<Eerd>{2, 14};
  set(reg::eerd, address.of(word) | Eerd::kStart);
  Value<Eerd> value;
  if (!wait(kReadLimitUs, [&] { return done.in(value = get(reg::eerd)); })) return std::nullopt;
  return uint16_t(Eerd::kData.get(value));
}

template <class Io>
Status Device<Io>::make_rings() {
  if (rx_) return ok_status();
  constexpr size_t kPage = 4096;
  rx_memory_ = TRY(platform_.dma(kRxSlots * sizeof(RxDescriptor), kPage));
  tx_memory_ = TRY(platform_.dma(kTxSlots * sizeof(TxDescriptor), kPage));
  tx_frames_ = TRY(platform_.dma(size_t{kTxSlots} * kTxBufferBytes, kPage));
  rx_ = reinterpret_cast<RxDescriptor*>(rx_memory_.data);
  tx_ = reinterpret_cast<TxDescriptor*>(tx_memory_.data);
  return ok_status();
}

template <class Io>
Status Device<Io>::open(FramePort& port) {
  if (port_) close();
  TRY(make_rings());
  TRY(reset());
  port_ = &port;
  program_filters();
  Value<Ctrl> ctrl = get(reg::ctrl) - Ctrl::kForceSpeed - Ctrl::kForceDuplex -
                     Ctrl::kInvertLossOfSignal - Ctrl::kPhyReset - Ctrl::kVlanMode -
                     Ctrl::kMasterDisable;
  set(reg::ctrl, ctrl | Ctrl::kSetLinkUp | Ctrl::kFullDuplex);   // speed as the PHY tells
  io_.bus_master(true);
  start_transmitter();
  start_receiver();
  counters();   // clears what the card counted for its previous owner
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
  std::memset(tx_memory_.data, 0, tx_memory_.bytes);
  tx_next_ = tx_oldest_ = tx_told_ = 0;
  set(reg::tx_base_low, uint32_t(tx_memory_.bus));
  set(reg::tx_base_high, uint32_t(tx_memory_.bus >> 32));
  set(reg::tx_length, kTxSlots * sizeof(TxDescriptor));
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
  std::memset(rx_memory_.data, 0, rx_memory_.bytes);
  rx_next_ = rx_posted_ = 0;
  rx_fragment_ = false;
  set(reg::rx_base_low, uint32_t(rx_memory_.bus));
  set(reg::rx_base_high, uint32_t(rx_memory_.bus >> 32));
  set(reg::rx_length, kRxSlots * sizeof(RxDescriptor));
  set(reg::rx_head, 0);
  set(reg::rx_tail, 0);
  set(reg::rx_delay, 0);
  set(reg::rx_absolute_delay, 0);
  receive(true);
  refill();   // after the enable: SDM §14.4 wants the tail moved last
}

/// One slot always stays empty: head == tail means an empty ring to the device (SDM §3.2.6).
template <class Io>
void Device<Io>::refill() {
  uint32_t before = rx_posted_;
  while (rx_posted_ < kRxSlots - 1) {
    RxBuffer* buffer = port_->take();
    if (!buffer) break;
    uint32_t slot = (rx_next_ + rx_posted_) % kRxSlots;
    rx_buffers_[slot] = buffer;
    rx_[slot] = RxDescriptor{.buffer = buffer->bus};
    ++rx_posted_;
  }
  if (rx_posted_ == before) return;
  std::atomic_thread_fence(std::memory_order_release);
  set(reg::rx_tail, (rx_next_ + rx_posted_) % kRxSlots);
}

template <class Io>
void Device<Io>::deliver(RxBuffer* buffer, const RxDescriptor& slot) {
  bool last = slot.status & RxDescriptor::kEndOfPacket;
  bool whole = last && !rx_fragment_;
  rx_fragment_ = !last;
  if (whole && !slot.errors && slot.length > 0 && slot.length <= kRxBufferBytes) {
    ++counters_.rx_frames;
    port_->received(buffer, slot.length);
    return;
  }
  if (last) ++counters_.rx_errors;   // once a frame
  port_->give_back(buffer);
}

template <class Io>
size_t Device<Io>::poll(size_t budget) {
  if (!port_) return 0;
  if (tx_told_ != tx_next_) {
    std::atomic_thread_fence(std::memory_order_release);
    tx_told_ = tx_next_;
    set(reg::tx_tail, tx_told_ % kTxSlots);
  }
  uint64_t frames_before = counters_.rx_frames;
  for (size_t taken = 0; taken < budget && rx_posted_ > 0; ++taken) {
    uint32_t at = rx_next_ % kRxSlots;
    uint8_t status = std::atomic_ref(rx_[at].status).load(std::memory_order_acquire);
    if (!(status & RxDescriptor::kDone)) break;
    RxDescriptor slot = rx_[at];   // a copy: the device cannot change it between check and use
    slot.status = status;
    RxBuffer* buffer = rx_buffers_[at];
    rx_buffers_[at] = nullptr;
    ++rx_next_;
    --rx_posted_;
    deliver(buffer, slot);
    if (!port_) return 0;          // the stack closed us from within
  }
  refill();
  return size_t(counters_.rx_frames - frames_before);
}

template <class Io>
void Device<Io>::reclaim() {
  while (tx_oldest_ != tx_told_) {
    TxDescriptor& slot = tx_[tx_oldest_ % kTxSlots];
    if (!(std::atomic_ref(slot.status).load(std::memory_order_acquire) & TxDescriptor::kDone))
      return;
    ++tx_oldest_;
  }
}

template <class Io>
bool Device<Io>::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  size_t length = 0;
  for (Bytes piece : pieces) {
    if (piece.size() > kMaxFrameBytes - length) {
      ++counters_.tx_errors;
      return false;
    }
    length += piece.size();
  }
  if (tx_next_ - tx_oldest_ >= kTxSlots - 1) reclaim();
  if (length == 0 || tx_next_ - tx_oldest_ >= kTxSlots - 1) {
    ++counters_.tx_errors;
    return false;
  }
  size_t at = tx_next_ % kTxSlots;
  size_t frame_at = at * kTxBufferBytes;
  uint8_t* to = tx_frames_.data + frame_at;
  for (Bytes piece : pieces) {
    if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  if (length < kMinFrameBytes) {   // with zeros of ours, not with an older frame's bytes
    std::memset(to, 0, kMinFrameBytes - length);
    length = kMinFrameBytes;
  }
  tx_[at] = TxDescriptor{.buffer = tx_frames_.bus + frame_at,
                         .length = uint16_t(length),
                         .command = TxDescriptor::kEndOfPacket | TxDescriptor::kInsertFcs |
                                    TxDescriptor::kReportStatus};
  ++tx_next_;
  ++counters_.tx_frames;
  return true;
}

template <class Io>
const NicCounters& Device<Io>::counters() {
  if (!port_) return counters_;
  counters_.rx_errors += uint64_t{get(reg::crc_errors).raw} + get(reg::alignment_errors).raw +
                         get(reg::receive_errors).raw + get(reg::length_errors).raw;
  counters_.rx_missed += get(reg::missed_packets).raw;
  counters_.tx_errors += uint64_t{get(reg::excessive_collisions).raw} +
                         get(reg::late_collisions).raw;
  return counters_;
}

template <class Io>
void Device<Io>::close() {
  constexpr uint64_t kDrainUs = 10'000, kSettleUs = 1'000, kResetUs = 10'000;
  if (!attached_) return;
  receive(false);
  if (!port_) return;
  if (tx_told_ != tx_next_) set(reg::tx_tail, (tx_told_ = tx_next_) % kTxSlots);
  wait(kDrainUs, [&] {             // last words to a server, if the link is up at all
    reclaim();
    return tx_oldest_ == tx_told_ || link() == Link::Down;
  });
  counters();
  quiet();
  wait(kSettleUs, [] { return false; });   // a frame under way ends: 12 us at 1 Gbit/s
  io_.bus_master(false);                   // from here on nothing reaches memory
  set(reg::ctrl, get(reg::ctrl) | Ctrl::kReset);   // forgets the ring addresses
  wait(kResetUs, [&] { return !Ctrl::kReset.in(get(reg::ctrl)); });
  set(reg::interrupt_mask_clear, ~uint32_t{0});
  FramePort& port = *port_;
  port_ = nullptr;
  for (RxBuffer*& buffer : rx_buffers_)
    if (buffer) port.give_back(std::exchange(buffer, nullptr));
  rx_posted_ = 0;
}

}  // namespace hawser::e1000
