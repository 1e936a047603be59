// What the fakes of UEFI's drivers of network cards have in common.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/snp/api.h"
#include "tests/fakes/frames.h"

namespace hawser::fakes {

class FakeFirmwareNic {
 public:
  static constexpr Mac kCurrent{{0x10, 0x11, 0x12, 0x13, 0x14, 0x15}},
      kPermanent{{0x20, 0x21, 0x22, 0x23, 0x24, 0x25}};

  virtual ~FakeFirmwareNic() = default;
  /// Our driver over this firmware, which it borrows.
  virtual std::unique_ptr<Nic> make_driver() = 0;
  /// A frame from the network, or one that is no frame.
  virtual void arrive(const Frame& frame) = 0;
  virtual void arrive_bad() = 0;
  /// What the firmware has taken to send and not given back, as it is now, the oldest first.
  virtual std::vector<Frame> held() const = 0;
  virtual void set_link(Link link) = 0;

  std::vector<std::string> calls;
  std::set<std::string> broken;  ///< calls that end in an error
  std::vector<Frame> sent;
  bool gives_back = true;  ///< what was sent, when asked
  bool endless = false;    ///< the last frame from the network again and again

  efi::Code called(const std::string& name) {
    calls.push_back(name);
    return broken.count(name) ? efi::Code::DeviceError : efi::Code::Success;
  }
  size_t count(const std::string& name) const {
    return size_t(std::count(calls.begin(), calls.end(), name));
  }
  static efi::MacAddress address_of(const Mac& mac) {
    efi::MacAddress address{};
    std::copy(mac.bytes.begin(), mac.bytes.end(), address.bytes);
    return address;
  }
  static efi::SimpleNetworkMode ethernet() {
    efi::SimpleNetworkMode mode{};
    mode.address_bytes = 6;
    mode.media_header_bytes = 14;
    mode.max_packet_bytes = 1500;
    mode.interface_type = 1;
    mode.current = address_of(kCurrent);
    mode.permanent = address_of(kPermanent);
    return mode;
  }
};

inline Frame frame_at(const void* memory, size_t bytes) {
  auto* at = static_cast<const uint8_t*>(memory);
  return {at, at + bytes};
}

}  // namespace hawser::fakes
