// What the drivers over UEFI's network protocols, snp/ and mnp/, have in common.
#pragma once

#include <algorithm>
#include <string_view>

#include "arch/x86_64/uefi/call_watch.h"
#include "drivers/snp/api.h"
#include "src/base/address.h"
#include "src/base/format.h"
#include "src/base/result.h"

namespace hawser::firmware_nic {

inline Mac mac_of(const efi::MacAddress& address) {
  Mac mac;
  std::copy_n(address.bytes, mac.bytes.size(), mac.bytes.begin());
  return mac;
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

}  // namespace hawser::firmware_nic
