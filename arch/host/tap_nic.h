// A network card for the host program: one end of a Linux tap device (the kernel's
// Documentation/networking/tuntap.rst).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/nic.h"

namespace hawser::host {

class HostTapNic : public Nic {
 public:
  /// Attaches to tap device `name`, which may exist already. Errors: Access, NoDevice, Device.
  static Result<std::unique_ptr<HostTapNic>> create(const std::string& name);
  ~HostTapNic() override;

  int fd() const { return fd_; }

  std::string_view driver() const override { return "tap"; }
  std::string_view chip() const override { return "tap"; }
  Mac mac() const override { return mac_; }
  uint32_t mtu() const override { return 1500; }
  Status open(FramePort& port) override;
  void close() override { port_ = nullptr; }
  Link link() override { return port_ ? Link::Up : Link::Down; }
  bool transmit(std::span<const Bytes> pieces) override;
  /// Waits for a frame when there was none lately, up to 20 ms: processes share a machine.
  size_t poll(size_t budget) override;
  const NicCounters& counters() override { return counters_; }

 private:
  HostTapNic(int fd, Mac mac) : fd_(fd), mac_(mac) {}
  int fd_;
  Mac mac_;
  FramePort* port_ = nullptr;
  int quiet_polls_ = 0;  ///< since the last frame, in either direction
  NicCounters counters_;
};

}  // namespace hawser::host
