// A model of Realtek's RTL8139, checked against what the driver may do.
#pragma once

#include <array>
#include <utility>

#include "tests/fakes/nic_model.h"

namespace hawser::fakes {

class Rtl8139Model final : public NicModel {
 public:
  bool receive(const Frame& frame) override { return receive_raw(frame, 1, frame.size() + 4); }
  size_t receive_rubbish() override {
    struct Row {
      uint16_t status;
      size_t length;
    };
    size_t count = 0;
    for (Row row : {Row{0, 64}, Row{3, 64}, Row{1, 4}, Row{1, 2049}, Row{1, 0xffff}}) {
      receive_raw(Frame(60, 0x55), row.status, row.length);
      if (on_rubbish) on_rubbish();  // the driver starts the receiver again
      ++count;
    }
    return count;
  }
  std::function<void()> on_rubbish;
  /// The card has begun to write a frame: its length is not known, or its end not there.
  void receive_part(uint16_t length) {
    put16(1);
    put16(length);
    at_ += 16;
  }
  void transmit() override {
    while (sends && running() && !(tsd_[next_tx_] & (1u << 30 | 1u << 13))) {
      if (std::exchange(aborts, false)) {
        tsd_[next_tx_] |= 1u << 30 | 1u << 13;
        return;
      }
      uint8_t* data = memory_at(tsad_[next_tx_]);
      sent.emplace_back(data, data + (tsd_[next_tx_] & 0x1fff));
      tsd_[next_tx_] |= 1u << 15 | 1u << 13;
      next_tx_ = (next_tx_ + 1) % 4;
    }
  }
  bool running() const override {
    return bus_master && (command_ & 0x0c) == 0x0c && mode == 0 && !chosen_;
  }
  Frame filter() const override { return idr_; }
  uint16_t isr = 0;
  uint32_t revision = 0x74800000;  ///< C+
  uint16_t mode = 0x000b;          ///< as a ROM has left it
  bool aborts = false;             ///< the next frame meets too many collisions

 protected:
  uint32_t read(uint32_t offset, unsigned bytes) override {
    if (offset < 8) {
      EXPECT_EQ(bytes, 4u);
      if (!was_written_) std::copy(address.begin(), address.end(), idr_.begin());
      return offset ? *read_le<uint16_t>(idr_, 4) : *read_le<uint32_t>(idr_, 0);
    }
    if (offset >= 0x10 && offset < 0x20) return tsd_[(offset - 0x10) / 4];
    switch (offset) {
      case 0x37:
        return uint8_t(command_ | (starts ? 0 : 0x10) | (at_ == (read_ + 16) % kBytes ? 1 : 0));
      case 0x3a:
        return at_;
      case 0x40:
        return revision;
      case 0x58:
        return link_up ? 0 : 4;
      case 0xe0:
        EXPECT_EQ(revision, 0x74800000u) << "others have no C+ command";
        return mode;
    }
    ADD_FAILURE() << "read of register " << offset;
    return 0;
  }
  void write(uint32_t offset, uint32_t value, unsigned bytes) override {
    if (offset >= 0x10 && offset < 0x20) {
      ++doorbells;
      tsd_[(offset - 0x10) / 4] = value;
      return transmit();
    }
    if (offset >= 0x20 && offset < 0x30) {
      tsad_[(offset - 0x20) / 4] = value;
      return;
    }
    switch (offset) {
      case 0x00:
      case 0x04:
        EXPECT_TRUE(writable_) << "the address is written while 9346CR allows that";
        was_written_ = true;
        if (offset == 0) write_le(idr_.data(), value);
        else write_le(idr_.data() + 4, uint16_t(value));
        return;
      case 0x08:
      case 0x0c:
        EXPECT_EQ(value, ~0u);
        return;
      case 0x30:
        EXPECT_FALSE(command_ & 8) << "moved under a receiver that runs";
        buffer_ = value;
        return;
      case 0x37:
        EXPECT_EQ(bytes, 1u);
        if (value & 0x10) tsd_.fill(1u << 13), next_tx_ = 0, mode = 0, chosen_ = false;
        command_ = uint8_t(value & ~0x10u);
        return;
      case 0x38:
        read_ = uint16_t(value);
        return;
      case 0x3c:
        EXPECT_EQ(value, 0u) << "interrupts are not wanted";
        return;
      case 0x3e:
        isr &= uint16_t(~value);
        return;
      case 0x40:
        EXPECT_TRUE(command_ & 4) << "not taken while the transmitter is off";
        if (value & 1) {
          EXPECT_TRUE(tsd_[next_tx_] & 1u << 30) << "only after an abort";
          tsd_[next_tx_] &= 0x1fff;
          transmit();
        }
        return;
      case 0x44:
        EXPECT_TRUE(command_ & 8) << "not taken while the receiver is off";
        EXPECT_EQ(value & 0x1880, 0x1080u) << "32 KiB, not wrapped";
        at_ = 0;
        return;
      case 0xe0:
        EXPECT_EQ(revision, 0x74800000u) << "others have no C+ command";
        EXPECT_FALSE(command_ & 0x0c) << "changed under a card that runs";
        mode = uint16_t(value);
        chosen_ = true;
        return;
      case 0x50:
        writable_ = value == 0xc0;
        return;
    }
    ADD_FAILURE() << "write of register " << offset;
  }

 private:
  static constexpr uint32_t kBytes = 32 * 1024;
  bool receive_raw(const Frame& frame, uint16_t status, size_t length) {
    if (!running()) return false;
    uint32_t room = (read_ + 16 - at_ - 1) % kBytes;
    if (frame.size() + 12 > room) {
      isr |= 0x10;
      return false;
    }
    put16(status);
    put16(uint16_t(length));
    std::memcpy(memory_at(buffer_) + at_, frame.data(), frame.size());
    at_ = ((at_ + frame.size() + 4 + 3) & ~3u) % kBytes;
    return true;
  }
  void put16(uint16_t value) {
    write_le(memory_at(buffer_) + at_, value);
    at_ += 2;
  }

  Frame idr_ = Frame(6);
  bool was_written_ = false, writable_ = false;
  bool chosen_ = false;  ///< C+ rings, by any write of the C+ command
  std::array<uint32_t, 4> tsd_{}, tsad_{};
  uint32_t buffer_ = 0, next_tx_ = 0, at_ = 0;
  uint16_t read_ = 0xfff0;
  uint8_t command_ = 0;
};

}  // namespace hawser::fakes
