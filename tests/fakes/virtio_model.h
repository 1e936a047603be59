// A model of a virtio network device: registers of both interfaces and what the device does with
// its queues, checked against what the driver may do. Bus addresses are host addresses.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <vector>

#include "drivers/virtio_net/registers.h"

namespace hawser::fakes {

class VirtioModel {
 public:
  using Frame = std::vector<uint8_t>;
  using Region = virtio_net::Region;

  // --- what a test sets -------------------------------------------------------------------------
  bool modern = true;
  uint64_t offered = 1ull << 32 | 1u << 16 | 1u << 5;  // VERSION_1, STATUS, MAC
  uint32_t most_descriptors = 256;
  uint16_t notify_off = 1;  ///< of queue 1; queue 0 has 0
  bool reset_completes = true, features_ok = true;
  bool sends = true;       ///< false: frames stay in the queue
  bool no_notify = false;  ///< the device says that it looks by itself
  bool config_rests = true;
  /// A legacy device knows 44 bits of an address: which memory is it?
  std::function<uint64_t(uint64_t)> memory_at = [](uint64_t at) { return at; };
  std::array<uint8_t, 12> config{0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 1, 0, 1, 0, 0xdc, 0x05};

  // --- what a test looks at ---------------------------------------------------------------------
  std::vector<Frame> sent;
  std::array<uint32_t, 2> notifications{};
  uint64_t accepted = 0;
  uint8_t status = 0;
  uint32_t resets = 0;
  bool bus_master = false;
  bool split_headers = false;  ///< what the driver is to do

  static constexpr uint32_t kNotifyStride = 4, kNotifyBytes = 8;

  bool running() const { return bus_master && (status & 4); }
  uint32_t header_bytes() const {
    return modern || (accepted & virtio_net::feature::kMergeRxBuffers) ? 12 : 10;
  }
  uint32_t posted(uint16_t queue) const {
    const Q& q = queues_[queue];
    return q.available ? uint16_t(q.available->index - q.seen) : 0;
  }
  uint32_t size_of(uint16_t queue) const { return queues_[queue].size; }

  /// A frame from the wire. False: no buffer was ready.
  bool receive(const Frame& frame) { return receive_raw(frame, header_bytes() + frame.size()); }
  /// The same with a length of the test's choice.
  bool receive_raw(const Frame& frame, size_t claimed) {
    if (!running() || posted(0) == 0) return false;
    Frame data(header_bytes());
    if (data.size() == 12) data[10] = 1;  // one buffer
    data.insert(data.end(), frame.begin(), frame.end());
    uint16_t head = next(0);
    fill(head, data);
    give_used(0, head, uint32_t(claimed));
    return true;
  }
  /// A frame over several buffers, with a header that tells of so many.
  bool receive_merged(const Frame& frame, uint16_t told, virtio_net::FrameHeader header = {}) {
    header.buffers = told;
    Frame data(sizeof header);
    std::memcpy(data.data(), &header, sizeof header);
    data.insert(data.end(), frame.begin(), frame.end());
    Q& q = queues_[0];
    uint16_t index = q.used->index;
    while (!data.empty()) {
      if (posted(0) == 0) return false;
      uint16_t head = next(0);
      size_t n = std::min<size_t>(data.size(), q.descriptors[head].bytes);
      fill(head, Frame(data.begin(), data.begin() + ptrdiff_t(n)));
      q.used->ring[index++ % q.size] = {head, uint32_t(n)};
      data.erase(data.begin(), data.begin() + ptrdiff_t(n));
    }
    q.used->index = index;
    return true;
  }
  /// An answer of the device's that the test makes up.
  void give_used(uint16_t queue, uint32_t id, uint32_t bytes) {
    Q& q = queues_[queue];
    q.used->ring[q.used->index % q.size] = {id, bytes};
    ++q.used->index;
  }
  void move_used_index(uint16_t queue, uint16_t by) {
    Q& q = queues_[queue];
    q.used->index = uint16_t(q.used->index + by);
  }
  /// Takes what is in the transmit queue.
  void transmit() {
    while (sends && running() && posted(1) > 0) {
      uint16_t head = next(1);
      Frame data = drain(head);
      ASSERT_GE(data.size(), header_bytes());
      EXPECT_TRUE(std::all_of(data.begin(), data.begin() + header_bytes(),
                              [](uint8_t byte) { return byte == 0; }));
      sent.emplace_back(data.begin() + header_bytes(), data.end());
      give_used(1, head, 0);
    }
  }

  // --- what the driver does ---------------------------------------------------------------------
  uint32_t read(Region region, uint32_t offset, size_t bytes) {
    if (region == Region::Device || (!modern && offset >= 20))
      return read_config(region == Region::Device ? offset : offset - 20, bytes);
    return modern ? read_common(offset) : read_legacy(offset);
  }
  void write(Region region, uint32_t offset, uint32_t value, size_t bytes) {
    if (region == Region::Notify) {
      ASSERT_TRUE(modern && bytes == 2);
      ASSERT_EQ(offset, value == 0 ? 0 : notify_off * kNotifyStride);
      notified(uint16_t(value));
    } else if (modern) {
      ASSERT_EQ(region, Region::Common);
      write_common(offset, value);
    } else {
      ASSERT_EQ(region, Region::Legacy);
      write_legacy(offset, value);
    }
  }

 private:
  struct Q {
    uint32_t size = 0;
    uint64_t places[3] = {};
    virtio_net::Descriptor* descriptors = nullptr;
    virtio_net::Available* available = nullptr;
    virtio_net::Used* used = nullptr;
    uint16_t seen = 0;
  };

  uint32_t read_config(uint32_t offset, size_t bytes) {
    uint32_t value = 0;
    EXPECT_LE(offset + bytes, config.size());
    std::memcpy(&value, config.data() + offset, bytes);
    return value;
  }
  uint32_t read_common(uint32_t offset) {
    switch (offset) {
      case 4:
        return uint32_t(offered >> (device_select_ ? 32 : 0));
      case 20:
        return status;
      case 21:
        return config_rests ? 7 : generation_++;
      case 24:
        return select_ < 2 ? queues_[select_].size : 0;
      case 30:
        return select_ == 1 ? notify_off : 0;
    }
    ADD_FAILURE() << "read of common register " << offset;
    return 0;
  }
  uint32_t read_legacy(uint32_t offset) {
    switch (offset) {
      case 0:
        return uint32_t(offered);
      case 12:
        return select_ < 2 ? queues_[select_].size : 0;
      case 18:
        return status;
    }
    ADD_FAILURE() << "read of legacy register " << offset;
    return 0;
  }
  void write_common(uint32_t offset, uint32_t value) {
    switch (offset) {
      case 0:
        device_select_ = value;
        return;
      case 8:
        driver_select_ = value;
        return;
      case 12:
        accepted = driver_select_ ? (accepted & 0xffffffff) | uint64_t{value} << 32
                                  : (accepted & ~0xffffffffull) | value;
        return;
      case 20:
        return write_status(uint8_t(value));
      case 22:
        select_ = uint16_t(value);
        return;
      case 24:
        EXPECT_LE(value, most_descriptors);
        queues_[select_].size = value;
        return;
      case 28:
        EXPECT_EQ(value, 1u);
        return start_queue();
    }
    ASSERT_TRUE(offset >= 32 && offset < 56) << "write of common register " << offset;
    uint64_t& place = queues_[select_].places[(offset - 32) / 8];
    place = offset % 8 ? (place & 0xffffffff) | uint64_t{value} << 32
                       : (place & ~0xffffffffull) | value;
  }
  void write_legacy(uint32_t offset, uint32_t value) {
    switch (offset) {
      case 4:
        accepted = value;
        return;
      case 8: {  // virtio 1.2 §2.7.2
        uint64_t at = memory_at(uint64_t{value} * 4096);
        uint64_t size = queues_[select_].size;
        queues_[select_].places[0] = at;
        queues_[select_].places[1] = at + 16 * size;
        queues_[select_].places[2] = at + (16 * size + 6 + 2 * size + 4095) / 4096 * 4096;
        return start_queue();
      }
      case 14:
        select_ = uint16_t(value);
        return;
      case 16:
        return notified(uint16_t(value));
      case 18:
        return write_status(uint8_t(value));
    }
    ADD_FAILURE() << "write of legacy register " << offset;
  }
  void write_status(uint8_t value) {
    if (value == 0) {
      ++resets;
      if (!reset_completes) return;
      status = 0;
      accepted = 0;
      queues_ = {};
      for (Q& q : queues_) q.size = most_descriptors;
      return;
    }
    EXPECT_EQ(value & status, status) << "the driver took back a bit of its status";
    EXPECT_EQ(accepted & ~offered, 0u) << "a feature that was not offered";
    status = value;
    // Behind an IOMMU it does not work with drivers that do not know of that (§6.2).
    bool knows_platform = !((offered & ~accepted) & virtio_net::feature::kAccessPlatform);
    if (!features_ok || !knows_platform) status &= uint8_t(~8);
  }
  void start_queue() {
    EXPECT_FALSE(status & 4) << "queues are set up before DRIVER_OK";
    Q& q = queues_[select_];
    q.descriptors = reinterpret_cast<virtio_net::Descriptor*>(q.places[0]);
    q.available = reinterpret_cast<virtio_net::Available*>(q.places[1]);
    q.used = reinterpret_cast<virtio_net::Used*>(q.places[2]);
    q.used->flags = no_notify;
    EXPECT_EQ(q.available->flags, 1u) << "interrupts are not wanted";
  }
  void notified(uint16_t queue) {
    ASSERT_LT(queue, 2);
    EXPECT_TRUE(running());
    ++notifications[queue];
    if (queue == 1) transmit();
  }
  uint16_t next(uint16_t queue) {
    Q& q = queues_[queue];
    uint16_t head = q.available->ring[q.seen++ % q.size];
    EXPECT_LT(head, q.size);
    return head;
  }
  /// The descriptors of a chain, with its header apart or not, as is right.
  std::vector<virtio_net::Descriptor> chain(uint16_t queue, uint16_t head) {
    std::vector<virtio_net::Descriptor> all{queues_[queue].descriptors[head]};
    while (all.back().flags & virtio_net::Descriptor::kNext)
      all.push_back(queues_[queue].descriptors[all.back().next]);
    EXPECT_EQ(all.size(), split_headers ? 2u : 1u);
    if (split_headers) {
      EXPECT_EQ(all[0].bytes, header_bytes());
    }
    for (auto& part : all)
      EXPECT_EQ(bool(part.flags & virtio_net::Descriptor::kDeviceWrites), queue == 0);
    return all;
  }
  void fill(uint16_t head, const Frame& data) {
    size_t at = 0;
    for (auto& part : chain(0, head)) {
      size_t n = std::min<size_t>(part.bytes, data.size() - at);
      std::memcpy(reinterpret_cast<void*>(part.address), data.data() + at, n);
      at += n;
    }
    EXPECT_EQ(at, data.size());
  }
  Frame drain(uint16_t head) {
    Frame data;
    for (auto& part : chain(1, head)) {
      auto* from = reinterpret_cast<const uint8_t*>(part.address);
      data.insert(data.end(), from, from + part.bytes);
    }
    return data;
  }

  std::array<Q, 2> queues_{};
  uint32_t device_select_ = 0, driver_select_ = 0;
  uint16_t select_ = 0;
  uint8_t generation_ = 0;
};

/// For virtio_net::Modern and virtio_net::Legacy.
struct VirtioModelIo {
  VirtioModel* model;
  template <class T>
  T read(virtio_net::Region region, uint32_t offset) {
    return T(model->read(region, offset, sizeof(T)));
  }
  template <class T>
  void write(virtio_net::Region region, uint32_t offset, T value) {
    model->write(region, offset, value, sizeof(T));
  }
  void bus_master(bool on) { model->bus_master = on; }
};

}  // namespace hawser::fakes
