// A model of AMD's PCnet-PCI, checked against what the driver may do.
#pragma once

#include "drivers/pcnet/device.h"
#include "tests/fakes/nic_model.h"

namespace hawser::fakes {

class PcnetModel final : public NicModel {
 public:
  bool receive(const Frame& frame) override {
    return receive_raw(frame, 3u << 24, uint32_t(frame.size()) + 4);
  }
  size_t receive_rubbish() override {
    Frame frame(60, 0x55);
    receive_raw(frame, 3u << 24 | 1u << 30 | 1u << 27, 64);  // damaged
    receive_raw(frame, 3u << 24, 2049);                      // longer than the buffer
    receive_raw(frame, 3u << 24, 0xffffffff);
    receive_raw(frame, 3u << 24, 4);   // empty
    receive_raw(frame, 2u << 24, 64);  // begins, but does not end
    receive_raw(frame, 1u << 24, 64);  // ends, but did not begin
    return 6;
  }
  void transmit() override {
    while (sends && running()) {
      pcnet::Descriptor& slot = ring(init_.tx_ring)[tx_];
      if (!(slot.state >> 31)) return;
      EXPECT_EQ(slot.state >> 24 & 3, 3u) << "start and end of packet";
      EXPECT_EQ(slot.state & 0xf000, 0xf000u);
      uint8_t* data = memory_at(slot.buffer);
      sent.emplace_back(data, data + (4096 - (slot.state & 0xfff)));
      slot.state = fails_to_send ? 1u << 30 : 0;
      tx_ = (tx_ + 1) % 256;
    }
  }
  bool running() const override { return bus_master && running_; }
  Frame filter() const override {
    Frame all(8);
    write_le(all.data(), init_.address_low);
    write_le(all.data() + 4, init_.address_high);
    all.resize(6);
    return all;
  }
  bool fails_to_send = false;

 protected:
  uint32_t read(uint32_t offset, unsigned bytes) override {
    if (offset < 6) {
      EXPECT_EQ(bytes, 1u);
      return address[offset];
    }
    switch (offset) {
      case 0x10:
        EXPECT_EQ(select_, 0u);
        return csr0_;
      case 0x14:
        csr0_ = 4;
        running_ = false;
        led_ = style_ = 0;
        return 0;
      case 0x16:
        EXPECT_EQ(select_, 4u);
        return led_ | (link_up && (led_ & 0x40) ? 0x8000 : 0);
      case 0x18:
        return 0;  // no reset: registers are 16 bits wide
    }
    ADD_FAILURE() << "read of port " << offset;
    return 0;
  }
  void write(uint32_t offset, uint32_t value, unsigned bytes) override {
    EXPECT_EQ(bytes, 2u);
    if (offset == 0x12) {
      select_ = value;
    } else if (offset == 0x10) {
      write_csr(value);
    } else if (offset == 0x16) {
      if (select_ == 4) led_ = value;
      else if (select_ == 20) style_ = value;
      else ADD_FAILURE() << "write of BCR" << select_;
    } else {
      ADD_FAILURE() << "write of port " << offset;
    }
  }

 private:
  void write_csr(uint32_t value) {
    switch (select_) {
      case 0:
        EXPECT_FALSE(value & 0x40) << "interrupts are not wanted";
        if ((value & 1) && starts) initialise();
        if (value & 2) csr0_ |= 0x32, running_ = true;
        if (value & 8) {
          ++doorbells;
          transmit();
        }
        return;
      case 1:
        init_at_ = (init_at_ & 0xffff0000) | value;
        return;
      case 2:
        init_at_ = (init_at_ & 0xffff) | value << 16;
        return;
      case 3:
        EXPECT_EQ(value & 0x5f00, 0x5f00u) << "interrupts are masked";
        return;
      case 4:
        return;
    }
    ADD_FAILURE() << "write of CSR" << select_;
  }
  void initialise() {
    ASSERT_TRUE(bus_master);
    EXPECT_EQ(style_, 2u);
    std::memcpy(&init_, memory_at(init_at_), sizeof init_);
    EXPECT_EQ(init_.mode_and_lengths, 8u << 28 | 9u << 20);
    EXPECT_EQ(init_.multicast[0] & init_.multicast[1], ~0u);
    EXPECT_EQ(init_.rx_ring % 16 + init_.tx_ring % 16, 0u);
    csr0_ = 0x181;
    rx_ = tx_ = 0;
  }
  pcnet::Descriptor* ring(uint32_t at) {
    return reinterpret_cast<pcnet::Descriptor*>(memory_at(at));
  }
  bool receive_raw(const Frame& frame, uint32_t state, uint32_t length) {
    if (!running()) return false;
    pcnet::Descriptor& slot = ring(init_.rx_ring)[rx_];
    if (!(slot.state >> 31)) return false;
    EXPECT_EQ(slot.state & 0xffff, 0xf800u) << "2048 bytes";
    std::memcpy(memory_at(slot.buffer), frame.data(), frame.size());
    slot.received = length;
    slot.state = state;
    rx_ = (rx_ + 1) % 512;
    return true;
  }

  pcnet::InitBlock init_{};
  uint32_t select_ = 0, csr0_ = 0, led_ = 0, style_ = 0, init_at_ = 0, rx_ = 0, tx_ = 0;
  bool running_ = false;
};

}  // namespace hawser::fakes
