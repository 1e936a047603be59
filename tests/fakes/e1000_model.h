// A model of the registers and the DMA engine of Intel 8254x and 8257x cards: what the driver can
// see of them, checked against what it may do. Bus addresses are host addresses.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "drivers/e1000/registers.h"
#include "tests/fakes/counting_port.h"

namespace hawser::fakes {

class E1000Model {
 public:
  // --- what a test sets -------------------------------------------------------------------------
  bool reset_completes = true, eeprom_auto_read = true, eeprom_answers = true;
  bool new_eerd_layout = false;
  bool link_up = true;
  bool sends = true;  ///< false: descriptors are never finished
  std::array<uint16_t, 3> eeprom{0x5452, 0x1200, 0x5634};  // 52:54:00:12:34:56
  std::optional<std::array<uint8_t, 6>> loaded_address{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};

  // --- what a test looks at ---------------------------------------------------------------------
  std::vector<std::vector<uint8_t>> sent;
  uint32_t tail_writes = 0, rctl_writes = 0, resets = 0;
  bool bus_master = false;

  E1000Model() { reset(); }

  uint32_t reg(uint32_t offset) const { return regs_[offset / 4]; }
  void set_reg(uint32_t offset, uint32_t value) { regs_[offset / 4] = value; }
  bool can_receive() const {
    return bus_master && (reg(0x0100) & 1u << 1) && reg(0x2810) != reg(0x2818) && ring_bytes() > 0;
  }
  /// A frame from the wire. False: missed, and counted.
  bool receive(std::vector<uint8_t> frame, uint8_t status = 3, uint8_t errors = 0) {
    return receive_raw(frame, uint16_t(frame.size()), status, errors);
  }
  /// The same with a length of the test's choice in the descriptor.
  bool receive_raw(const std::vector<uint8_t>& frame, uint16_t length, uint8_t status,
                   uint8_t errors) {
    if (!can_receive()) {
      regs_[0x4010 / 4]++;
      return false;
    }
    uint32_t head = reg(0x2810);
    auto* slot = descriptor<e1000::RxDescriptor>(0x2800, head);
    EXPECT_NE(slot->buffer, 0u) << "the driver posted a slot without a buffer";
    std::memcpy(reinterpret_cast<void*>(slot->buffer), frame.data(),
                std::min<size_t>(frame.size(), 2048));
    slot->length = length;
    slot->errors = errors;
    slot->status = status;
    set_reg(0x2810, (head + 1) % (ring_bytes() / 16));
    return true;
  }

  // --- what the driver does ---------------------------------------------------------------------
  uint32_t read(uint32_t offset) {
    EXPECT_LT(offset, e1000::kRegisterBytes);
    uint32_t value = reg(offset);
    if (offset == 0x0008) value = (link_up ? 2u : 0) | (reg(0) & 4u ? 0 : 1u << 19);
    if (offset == 0x0000 && !reset_completes) value |= was_reset_ ? 1u << 26 : 0;
    if (offset >= 0x4000 && offset < 0x4100) regs_[offset / 4] = 0;  // cleared by reading
    return value;
  }
  void write(uint32_t offset, uint32_t value) {
    ASSERT_LT(offset, e1000::kRegisterBytes);
    set_reg(offset, value);
    switch (offset) {
      case 0x0000:
        if (value & 1u << 26) reset();
        break;
      case 0x0014:
        answer_eerd(value);
        break;
      case 0x0100:
        ++rctl_writes;
        break;
      case 0x3818:
        ++tail_writes;
        transmit();
        break;
    }
  }
  void set_bus_master(bool on) { bus_master = on; }

 private:
  uint32_t ring_bytes() const { return reg(0x2808); }
  template <class T>
  T* descriptor(uint32_t base, uint32_t index) {
    auto at = uint64_t{reg(base + 4)} << 32 | reg(base);
    return reinterpret_cast<T*>(at) + index;
  }
  void reset() {
    regs_.fill(0);
    ++resets;
    was_reset_ = resets > 1;
    if (eeprom_auto_read) set_reg(0x0010, 1u << 9);
    if (loaded_address) {
      uint32_t low;
      uint16_t high;
      std::memcpy(&low, loaded_address->data(), 4);
      std::memcpy(&high, loaded_address->data() + 4, 2);
      set_reg(0x5400, low);
      set_reg(0x5404, high | 1u << 31);
    }
  }
  void answer_eerd(uint32_t value) {
    if (!eeprom_answers || !(value & 1)) return;
    uint32_t word = new_eerd_layout ? value >> 2 & 0x3fff : value >> 8 & 0xff;
    uint32_t done = new_eerd_layout ? 1u << 1 : 1u << 4;
    set_reg(0x0014, done | (word < 3 ? uint32_t{eeprom[word]} << 16 : 0));
  }
  void transmit() {
    if (!sends || !bus_master || !(reg(0x0400) & 1u << 1)) return;
    uint32_t slots = reg(0x3808) / 16;
    while (slots > 0 && reg(0x3810) != reg(0x3818)) {
      auto* slot = descriptor<e1000::TxDescriptor>(0x3800, reg(0x3810));
      EXPECT_EQ(slot->command & 0x0b, 0x0b) << "EOP, IFCS and RS";
      auto* data = reinterpret_cast<const uint8_t*>(slot->buffer);
      sent.emplace_back(data, data + slot->length);
      slot->status |= e1000::TxDescriptor::kDone;
      set_reg(0x3810, (reg(0x3810) + 1) % slots);
    }
  }

  std::array<uint32_t, e1000::kRegisterBytes / 4> regs_{};
  bool was_reset_ = false;
};

/// For e1000::Device.
struct E1000ModelIo {
  E1000Model* model;
  uint32_t read(uint32_t offset) { return model->read(offset); }
  void write(uint32_t offset, uint32_t value) { model->write(offset, value); }
  void bus_master(bool on) { model->set_bus_master(on); }
};

}  // namespace hawser::fakes
