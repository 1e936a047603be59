// A model of VMware's vmxnet3, checked against what the driver may do.
#pragma once

#include <algorithm>
#include <cstddef>

#include "drivers/vmxnet3/registers.h"
#include "tests/fakes/nic_model.h"

namespace hawser::fakes {

class Vmxnet3Model final : public NicModel {
 public:
  bool receive(const Frame& frame) override {
    return receive_raw(frame, uint32_t(frame.size()), kWhole);
  }
  size_t receive_rubbish() override {
    Frame frame(60, 0x55);
    receive_raw(frame, 60 | 1u << 14, kWhole);      // damaged
    receive_raw(frame, 2049, kWhole);               // longer than the buffer
    receive_raw(frame, 0, kWhole);                  // empty
    receive_raw(frame, 60, 1u << 15);               // begins, but does not end
    receive_raw(frame, 60, 1u << 14);               // ends, but did not begin
    complete(kWhole | 600, 60);                     // a slot that is not there
    complete(kWhole | ((rx_.at + 511) % 512), 60);  // one that the card does not have
    return 7;
  }
  /// The card passes over a slot, and fills the next.
  bool receive_in_second_slot(const Frame& frame) {
    rx_.advance(512);
    return receive(frame);
  }
  void transmit() override {
    while (sends && running()) {
      auto& slot = at<vmxnet3::TxDescriptor>(shared_tx().ring)[tx_.at];
      if ((slot.length >> 14 & 1) != tx_.generation || tx_.at == producer_) return;
      EXPECT_EQ(slot.flags, 3u << 12) << "end of packet, and a report";
      EXPECT_EQ(slot.length >> 15, 0u);
      auto* data = reinterpret_cast<const uint8_t*>(slot.buffer);
      sent.emplace_back(data, data + (slot.length & 0x3fff));
      at<vmxnet3::Completion>(shared_tx().completion_ring)[tx_done_.at] = {
          tx_.at, 0, 0, tx_done_.generation << 31};
      tx_.advance(256);
      tx_done_.advance(256);
    }
  }
  bool running() const override { return bus_master && active_; }
  Frame filter() const override { return filter_; }

 protected:
  uint32_t read(uint32_t offset, unsigned bytes) override {
    EXPECT_EQ(bytes, 4u);
    if (offset == 0x00 || offset == 0x08) return 3;
    EXPECT_EQ(offset, 0x20u);
    if (command_ == 0xcafe0000) return !active_;
    if (command_ == 0xf00d0002) return link_up ? 10000u << 16 | 1 : 0;
    if (command_ == 0xf00d0003) return *read_le<uint32_t>(address, 0);
    if (command_ == 0xf00d0004) return *read_le<uint16_t>(address, 4);
    ADD_FAILURE() << "answer to command " << command_;
    return 0;
  }
  void write(uint32_t offset, uint32_t value, unsigned bytes) override {
    EXPECT_EQ(bytes, 4u);
    switch (offset) {
      case 0x00:
      case 0x08:
        EXPECT_EQ(value, 1u);
        return;
      case 0x10:
        shared_at_ = value;
        return;
      case 0x18:
        shared_at_ |= uint64_t{value} << 32;
        return;
      case 0x20:
        command_ = value;
        if (value == 0xcafe0000 && starts) activate();
        if (value == 0xcafe0001 || value == 0xcafe0002) active_ = false;
        return;
      case 0x28:
        write_le(filter_.data(), value);
        return;
      case 0x30:
        write_le(filter_.data() + 4, uint16_t(value));
        return;
      case kBar0:
        EXPECT_EQ(value, 1u);
        return;
      case kBar0 + 0x600:
        ++doorbells;
        producer_ = value;
        return transmit();
      case kBar0 + 0x800:
        rx_producer_ = value;
        return;
    }
    ADD_FAILURE() << "write of register " << offset;
  }

 private:
  static constexpr uint32_t kWhole = 3u << 14;
  struct Cursor {
    uint32_t at = 0, generation = 1;
    void advance(uint32_t slots) {
      if (++at == slots) at = 0, generation ^= 1;
    }
  };
  template <class T>
  static T* at(uint64_t bus) {
    return reinterpret_cast<T*>(bus);
  }
  vmxnet3::Shared& shared() const { return *at<vmxnet3::Shared>(shared_at_); }
  vmxnet3::TxQueue& shared_tx() const { return *at<vmxnet3::TxQueue>(shared().misc.queues); }
  vmxnet3::RxQueue& shared_rx() const {
    return *at<vmxnet3::RxQueue>(shared().misc.queues + sizeof(vmxnet3::TxQueue));
  }
  void activate() {
    ASSERT_TRUE(bus_master);
    const vmxnet3::Shared& s = shared();
    EXPECT_EQ(s.magic, 0xbabefee1u);
    EXPECT_EQ(s.misc.queues_bytes, 512u);
    EXPECT_EQ(s.misc.features, 0u);
    EXPECT_EQ(s.misc.mtu, 1500u);
    EXPECT_EQ(s.interrupts.control & 1, 1u) << "interrupts are not wanted";
    EXPECT_EQ(s.filter.mode & 0x1d, 0x0du) << "own address, broadcast, multicast";
    EXPECT_EQ(s.filter.vlans[0] & 1, 1u) << "frames without a VLAN";
    for (uint64_t ring : {shared_tx().ring, shared_tx().completion_ring, shared_rx().ring[0],
                          shared_rx().ring[1], shared_rx().completion_ring})
      EXPECT_TRUE(ring && ring % 512 == 0);
    EXPECT_EQ(shared_tx().ring_slots, 256u);
    EXPECT_EQ(shared_tx().completion_slots, 256u);
    EXPECT_EQ(shared_rx().ring_slots[0] + shared_rx().ring_slots[1], shared_rx().completion_slots);
    active_ = true;
    filter_ = address;
    producer_ = rx_producer_ = 0;
    tx_ = tx_done_ = rx_ = rx_done_ = {};
  }
  bool receive_raw(const Frame& frame, uint32_t length, uint32_t flags) {
    if (!running() || rx_.at == rx_producer_) return false;
    auto& slot = at<vmxnet3::RxDescriptor>(shared_rx().ring[0])[rx_.at];
    EXPECT_EQ(slot.length, 2048 | rx_.generation << 31);
    std::memcpy(reinterpret_cast<void*>(slot.buffer), frame.data(), frame.size());
    complete(rx_.at | flags, length);
    rx_.advance(512);
    return true;
  }
  void complete(uint32_t slot, uint32_t length) {
    at<vmxnet3::Completion>(shared_rx().completion_ring)[rx_done_.at] = {
        slot, 0, length, 3u << 24 | rx_done_.generation << 31};
    rx_done_.advance(544);
  }

  Frame filter_ = Frame(6);
  uint64_t shared_at_ = 0;
  uint32_t command_ = 0, producer_ = 0, rx_producer_ = 0;
  bool active_ = false;
  Cursor tx_, tx_done_, rx_, rx_done_;
};

}  // namespace hawser::fakes
