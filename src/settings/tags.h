// Tags of settings that the code itself reads.
#pragma once

#include <cstdint>

namespace hawser::tag {

inline constexpr uint64_t kNetmask = 1, kGateway = 3, kDns = 6, kDomain = 15, kMtu = 26;
inline constexpr uint64_t kFilename = 67;        ///< or the header's "file"
inline constexpr uint64_t kEncapsulation = 175;  ///< iPXE's private option
inline constexpr uint64_t kTrust = kEncapsulation << 8 | 0x5a;
inline constexpr uint64_t kCert = kEncapsulation << 8 | 0x5b;
inline constexpr uint64_t kPrivkey = kEncapsulation << 8 | 0x5c;
inline constexpr uint64_t kCrosscert = kEncapsulation << 8 | 0x5d;
inline constexpr uint64_t kPriority = kEncapsulation << 8 | 1;
inline constexpr uint64_t kIp = kEncapsulation << 8 | 2;          ///< pseudo: the header's yiaddr
inline constexpr uint64_t kNextServer = kEncapsulation << 8 | 3;  ///< pseudo: the header's siaddr

}  // namespace hawser::tag
