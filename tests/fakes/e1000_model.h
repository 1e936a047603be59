// A model of the registers and the DMA engine of Intel's gigabit cards: what the driver can see of
// them, checked against what it may do. Bus addresses are host addresses.
#pragma once

#include <array>
#include <optional>

#include "drivers/e1000/device.h"
#include "tests/fakes/nic_model.h"

namespace hawser::fakes {

class E1000Model : public NicModel {
 public:
  explicit E1000Model(e1000::Family family = e1000::Family::Pci82540) : family_(family) { reset(); }

  // --- what a test sets -------------------------------------------------------------------------
  bool eeprom_auto_read = true, eeprom_answers = true, queues_start = true;
  /// What a reset loads into RAL and RAH; without it they are not valid.
  bool loads_address = true;
  bool negotiates_alone = true, phy_answers = true;
  void forget_address() { loaded_ = loads_address = false; }

  // --- what a test looks at ---------------------------------------------------------------------
  uint32_t rctl_writes = 0, resets = 0, negotiations = 0;
  uint32_t reg(uint32_t offset) const { return regs_[offset / 4]; }
  void set_reg(uint32_t offset, uint32_t value) { regs_[offset / 4] = value; }

  bool running() const override { return sending() && (reg(0x0100) & 2) && queue(0x2828); }
  Frame filter() const override {
    Frame all(8);
    write_le(all.data(), reg(0x5400));
    write_le(all.data() + 4, reg(0x5404));
    EXPECT_EQ(all[7], 0x80) << "valid";
    all.resize(6);
    return all;
  }

  /// False: missed, and counted.
  bool receive(const Frame& frame) override {
    return receive_raw(frame, uint16_t(frame.size()), kWhole, false);
  }
  size_t receive_rubbish() override {
    Frame frame(60, 0x55);
    receive_raw(frame, 60, kWhole, true);     // damaged
    receive_raw(frame, 2049, kWhole, false);  // longer than the buffer
    receive_raw(frame, 0xffff, kWhole, false);
    receive_raw(frame, 0, kWhole, false);
    receive_raw(frame, 2048, kPiece, false);  // three descriptors: one long frame
    receive_raw(frame, 2048, kPiece, false);
    receive_raw(frame, 100, kWhole, false);
    return 5;
  }
  void transmit() override {
    if (!sends || !sending()) return;
    uint32_t slots = reg(0x3808) / 16;
    while (slots > 0 && reg(0x3810) != reg(0x3818)) {
      auto& slot = descriptor(0x3800, reg(0x3810));
      uint32_t bytes = slot.low & 0xffff;
      if (queues()) {
        EXPECT_EQ(slot.low & 0xfff00000, 0x2b300000u) << "DEXT, RS, IFCS, EOP, data";
        EXPECT_EQ(slot.high >> 14, bytes) << "PAYLEN";
      } else {
        EXPECT_EQ(slot.low & 0xffff0000, 0x0b000000u) << "RS, IFCS and EOP";
      }
      EXPECT_EQ(slot.high & 0x3fff, 0u);
      auto* data = reinterpret_cast<const uint8_t*>(slot.buffer);
      sent.emplace_back(data, data + bytes);
      slot.high |= 1;
      set_reg(0x3810, (reg(0x3810) + 1) % slots);
    }
  }

 protected:
  uint32_t read(uint32_t offset, unsigned bytes) override {
    EXPECT_EQ(bytes, 4u);
    EXPECT_LT(offset, e1000::kRegisterBytes);
    uint32_t value = reg(offset);
    if (offset == 0x5400 && loaded_) value = *read_le<uint32_t>(address, 0);
    if (offset == 0x5404 && loaded_) value = *read_le<uint16_t>(address, 4) | 1u << 31;
    if (offset == 0x0008) value = (mac_link() ? 2u : 0) | (reg(0) & 4u ? 0 : 1u << 19);
    if (offset == 0x0000 && !starts) value |= resets > 1 ? 1u << 26 : 0;
    if (offset >= 0x4000 && offset < 0x4100) regs_[offset / 4] = 0;  // cleared by reading
    return value;
  }
  void write(uint32_t offset, uint32_t value, unsigned) override {
    ASSERT_LT(offset, e1000::kRegisterBytes);
    bool rx = offset >= 0x2800 && offset < 0x280c, tx = offset >= 0x3800 && offset < 0x380c;
    if (queues() && (rx || tx)) {
      EXPECT_FALSE(queue(rx ? 0x2828 : 0x3828)) << "the ring is moved while it is in use";
    }
    if (queues() && (offset == 0x2818 || offset == 0x3818) && !queue(offset + 0x10)) return;
    if (queues() && (offset == 0x2828 || offset == 0x3828) && !queues_start) value &= ~kEnable;
    set_reg(offset, value);
    if (offset == 0x5404) loaded_ = false;
    switch (offset) {
      case 0x0000:
        if (value & 1u << 26) reset();
        break;
      case 0x0014:
        answer_eerd(value);
        break;
      case 0x0020:
        answer_mdic(value);
        break;
      case 0x00d8:
        interrupts_off_ = value == ~0u;
        break;
      case 0x0100:
        ++rctl_writes;
        break;
      case 0x3818:
        doorbells += value != reg(0x3810);
        transmit();
        break;
    }
  }

 private:
  static constexpr uint32_t kEnable = 1u << 25, kWhole = 3, kPiece = 1;
  bool queues() const { return family_ == e1000::Family::Queues; }
  bool mac_link() const { return link_up && (negotiates_alone || negotiations > 0); }
  void answer_mdic(uint32_t value) {
    EXPECT_TRUE(queues());
    EXPECT_EQ(value >> 21 & 31, 1u) << "the PHY's address";
    if (!phy_answers) return;
    uint32_t number = value >> 16 & 31;
    if (value >> 26 == 1) {
      EXPECT_EQ(number, 0u);
      EXPECT_EQ(value & 0xffff, 0x1200u);
      ++negotiations;
    } else {
      EXPECT_EQ(value >> 26, 2u);
      EXPECT_EQ(number, 1u);
    }
    set_reg(0x0020, (value & 0xffff0000) | 1u << 28 | 0x7949 | (link_up ? 4 : 0));
  }
  bool sending() const {
    return bus_master && interrupts_off_ && (reg(0x0400) & 2) && queue(0x3828);
  }
  bool queue(uint32_t offset) const { return !queues() || (reg(offset) & kEnable); }
  e1000::Descriptor& descriptor(uint32_t base, uint32_t index) {
    auto at = uint64_t{reg(base + 4)} << 32 | reg(base);
    EXPECT_EQ(at % 128, 0u);
    return reinterpret_cast<e1000::Descriptor*>(at)[index];
  }
  bool receive_raw(const Frame& frame, uint16_t length, uint32_t status, bool damaged) {
    uint32_t head = reg(0x2810), slots = reg(0x2808) / 16;
    if (!running() || slots == 0 || head == reg(0x2818)) {
      regs_[0x4010 / 4]++;
      return false;
    }
    auto& slot = descriptor(0x2800, head);
    EXPECT_TRUE(slot.buffer && !slot.low && !slot.high) << "a slot that was not made ready";
    std::memcpy(reinterpret_cast<void*>(slot.buffer), frame.data(), frame.size());
    if (queues()) {
      EXPECT_EQ(reg(0x280c), 1u << 25 | 2) << "advanced descriptors of one buffer, 2 KiB";
      slot.buffer = 0x1234'5678'9abc'def0;  // hash and type
      slot.high = length | 5u << 16;        // a VLAN
      slot.low = status | (damaged ? 1u << 31 : 0);
    } else {
      slot.low = length | 0xabcdu << 16;  // a sum
      slot.high = status | (damaged ? 1u << 8 : 0);
    }
    set_reg(0x2810, (head + 1) % slots);
    return true;
  }
  void reset() {
    regs_.fill(0);
    interrupts_off_ = true;
    ++resets;
    if (eeprom_auto_read) set_reg(0x0010, 1u << 9);
    if (queues()) set_reg(0x2828, kEnable | 1u << 16 | 12);
    loaded_ = loads_address;
  }
  void answer_eerd(uint32_t value) {
    if (!eeprom_answers || !(value & 1)) return;
    bool old_layout = family_ == e1000::Family::Pci82540;
    uint32_t word = old_layout ? value >> 8 & 0xff : value >> 2 & 0x3fff;
    EXPECT_LT(word, 3u);
    set_reg(0x0014, (old_layout ? 1u << 4 : 1u << 1) |
                        uint32_t{*read_le<uint16_t>(address, 2 * word)} << 16);
  }

  e1000::Family family_;
  std::array<uint32_t, e1000::kRegisterBytes / 4> regs_{};
  bool interrupts_off_ = true, loaded_ = false;
};

struct E1000PcieModel final : E1000Model {
  E1000PcieModel() : E1000Model(e1000::Family::Pcie8257x) {}
};
struct E1000QueuesModel final : E1000Model {
  E1000QueuesModel() : E1000Model(e1000::Family::Queues) {}
};

}  // namespace hawser::fakes
