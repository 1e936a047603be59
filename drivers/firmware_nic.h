// What the drivers over UEFI's network protocols, snp/, mnp/ and nii/, have in common.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "arch/x86_64/uefi/call_watch.h"
#include "drivers/snp/api.h"
#include "src/base/address.h"
#include "src/base/format.h"
#include "src/base/result.h"

namespace hawser::firmware_nic {

inline constexpr size_t kHeaderBytes = 14;
inline constexpr size_t kMostFrame = 1518;  ///< with a VLAN tag
inline constexpr uint32_t kMostMtu = kMostFrame - kHeaderBytes - 4;
inline constexpr unsigned kPollsPerStatus = 64;  ///< for the link, while nothing is being sent
/// Firmware exists that never tells when it is done with a frame. When it has kept all of them for
/// so many more that had to be dropped, the oldest counts as sent.
inline constexpr unsigned kPatience = 64;

inline Mac mac_of(const efi::MacAddress& address) {
  Mac mac;
  std::copy_n(address.bytes, mac.bytes.size(), mac.bytes.begin());
  return mac;
}
inline efi::MacAddress address_of(const Mac& mac) {
  efi::MacAddress address{};
  std::copy(mac.bytes.begin(), mac.bytes.end(), address.bytes);
  return address;
}

/// One call, under the eyes of the firmware platform's watch.
template <class Protocol, class Call, class... Args>
efi::Code ask(Protocol& firmware, const char* name, Call Protocol::*call, Args... args) {
  uefi::FirmwareCall watched(name);
  return (firmware.*call)(&firmware, args...);
}

/// `call` of `whom` ("network driver") ended in `code`, an error.
inline Error refused(std::string_view whom, std::string_view call, efi::Code code) {
  uint64_t number = uint64_t(code) & ~(uint64_t{1} << 63);
  return {Errc::Device,
          cat("the firmware's ", whom, " failed: ", call, " ended in EFI status ", number)};
}

/// Frames being sent: each is the firmware's from when it took it until it gives it back.
class Outbox {
 public:
  static constexpr size_t kSlots = 32;
  struct Slot {
    std::array<uint8_t, kMostFrame> frame;
    bool lent = false;
  };

  /// Slots are used in turn, so that the next one is the one lent longest. `ask_back` makes the
  /// firmware give back what it can. Null: there is none.
  template <class AskBack>
  Slot* next(AskBack ask_back) {
    Slot& slot = slots_[next_];
    if (slot.lent) ask_back();
    if (!slot.lent || refused_ >= kPatience) return &slot;
    ++refused_;
    return nullptr;
  }
  /// The slot of next() is the firmware's now.
  void lend() {
    slots_[next_].lent = true;
    next_ = (next_ + 1) % kSlots;
  }
  /// Addresses that are none of ours do no harm.
  void give_back(uint64_t address) {
    for (Slot& slot : slots_) {
      if (address != reinterpret_cast<uint64_t>(slot.frame.data())) continue;
      slot.lent = false;
      refused_ = 0;
    }
  }

 private:
  std::array<Slot, kSlots> slots_;
  size_t next_ = 0;
  unsigned refused_ = 0;  ///< frames for which there was no slot, since one came back
};

}  // namespace hawser::firmware_nic
