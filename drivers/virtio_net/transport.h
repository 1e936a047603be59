// How a virtio device's registers are laid out on PCI: the modern interface and the legacy one.
#pragma once

#include <array>
#include <cstdint>

#include "drivers/virtio_net/queue.h"
#include "drivers/virtio_net/registers.h"
#include "src/base/format.h"
#include "src/base/result.h"

namespace hawser::virtio_net {

/// What the driver asks of either interface.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual bool modern() const = 0;
  virtual uint8_t status() = 0;
  virtual void set_status(uint8_t bits) = 0;
  virtual uint64_t offered_features() = 0;
  virtual void accept_features(uint64_t features) = 0;
  /// A byte of the device configuration, by its offset there, below kConfigBytes.
  virtual uint8_t config8(uint32_t offset) = 0;
  virtual uint16_t config16(uint32_t offset) = 0;
  /// Differs when configuration that was read in pieces may have changed meanwhile.
  virtual uint8_t config_generation() = 0;
  /// Most descriptors of a queue; 0 when there is no such queue.
  virtual uint32_t queue_size(uint16_t queue) = 0;
  /// A queue may have fewer descriptors than that.
  virtual bool can_shrink_queues() const = 0;
  /// Errors: Device.
  virtual Status start_queue(uint16_t queue, const Queue& memory) = 0;
  virtual void notify(uint16_t queue) = 0;
  /// Lets the device reach memory, or stops it.
  virtual void bus_master(bool on) = 0;
};

/// §4.1.4: structures in memory BARs. `Io` reaches them:
///   template <class T> T read(Region, uint32_t offset);
///   template <class T> void write(Region, uint32_t offset, T value);
///   void bus_master(bool on);
template <class Io>
class Modern final : public Transport {
 public:
  /// `notify_bytes` is the length of the notification structure, whose registers are
  /// `notify_stride` apart (§4.1.4.4).
  Modern(Io io, uint32_t notify_bytes, uint32_t notify_stride)
      : io_(io), notify_bytes_(notify_bytes), notify_stride_(notify_stride) {}

  bool modern() const override { return true; }
  uint8_t status() override { return get(common::device_status); }
  void set_status(uint8_t bits) override { set(common::device_status, bits); }
  uint64_t offered_features() override {
    set(common::device_feature_select, uint32_t{1});
    uint64_t high = get(common::device_feature);
    set(common::device_feature_select, uint32_t{0});
    return high << 32 | get(common::device_feature);
  }
  void accept_features(uint64_t features) override {
    set(common::driver_feature_select, uint32_t{0});
    set(common::driver_feature, uint32_t(features));
    set(common::driver_feature_select, uint32_t{1});
    set(common::driver_feature, uint32_t(features >> 32));
  }
  uint8_t config8(uint32_t offset) override {
    return io_.template read<uint8_t>(Region::Device, offset);
  }
  uint16_t config16(uint32_t offset) override {
    return io_.template read<uint16_t>(Region::Device, offset);
  }
  uint8_t config_generation() override { return get(common::config_generation); }
  uint32_t queue_size(uint16_t queue) override {
    set(common::queue_select, queue);
    return get(common::queue_size);
  }
  bool can_shrink_queues() const override { return true; }
  Status start_queue(uint16_t queue, const Queue& memory) override;
  void notify(uint16_t queue) override { io_.write(Region::Notify, notify_at_[queue], queue); }
  void bus_master(bool on) override { io_.bus_master(on); }

 private:
  template <class T>
  T get(Register<T> reg) {
    return io_.template read<T>(Region::Common, reg.offset);
  }
  template <class T>
  void set(Register<T> reg, T value) {
    io_.write(Region::Common, reg.offset, value);
  }
  void set64(Register<uint32_t> reg, uint64_t value) {
    set(reg, uint32_t(value));
    set(Register<uint32_t>{reg.offset + 4}, uint32_t(value >> 32));
  }

  Io io_;
  uint32_t notify_bytes_, notify_stride_;
  std::array<uint32_t, 2> notify_at_{};
};

template <class Io>
Status Modern<Io>::start_queue(uint16_t queue, const Queue& memory) {
  set(common::queue_select, queue);
  uint64_t at = uint64_t{get(common::queue_notify_off)} * notify_stride_;
  if (!fits(at, sizeof queue, notify_bytes_))
    return Error{Errc::Device, cat("virtio-net: register queue_notify_off of queue ", queue,
                                   " points outside the notification structure")};
  notify_at_[queue] = uint32_t(at);
  set(common::queue_size, uint16_t(memory.size()));
  set64(common::queue_desc, memory.descriptors_bus());
  set64(common::queue_driver, memory.available_bus());
  set64(common::queue_device, memory.used_bus());
  set(common::queue_enable, uint16_t{1});
  return ok_status();
}

/// §4.1.4.10: I/O ports, for devices before virtio 1.0. `Io` as for Modern.
template <class Io>
class Legacy final : public Transport {
 public:
  explicit Legacy(Io io) : io_(io) {}

  bool modern() const override { return false; }
  uint8_t status() override { return get(legacy::device_status); }
  void set_status(uint8_t bits) override { set(legacy::device_status, bits); }
  uint64_t offered_features() override { return get(legacy::device_features); }
  void accept_features(uint64_t features) override {
    set(legacy::driver_features, uint32_t(features));
  }
  uint8_t config8(uint32_t offset) override {
    return io_.template read<uint8_t>(Region::Legacy, legacy::kConfig + offset);
  }
  uint16_t config16(uint32_t offset) override {
    return io_.template read<uint16_t>(Region::Legacy, legacy::kConfig + offset);
  }
  uint8_t config_generation() override { return 0; }  // none: values are read once
  uint32_t queue_size(uint16_t queue) override {
    set(legacy::queue_select, queue);
    return get(legacy::queue_size);
  }
  bool can_shrink_queues() const override { return false; }
  Status start_queue(uint16_t queue, const Queue& memory) override {
    set(legacy::queue_select, queue);
    set(legacy::queue_address, uint32_t(memory.descriptors_bus() / legacy::kQueueAlign));
    return ok_status();
  }
  void notify(uint16_t queue) override { set(legacy::queue_notify, queue); }
  void bus_master(bool on) override { io_.bus_master(on); }

 private:
  template <class T>
  T get(Register<T> reg) {
    return io_.template read<T>(Region::Legacy, reg.offset);
  }
  template <class T>
  void set(Register<T> reg, T value) {
    io_.write(Region::Legacy, reg.offset, value);
  }

  Io io_;
};

}  // namespace hawser::virtio_net
