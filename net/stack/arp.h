// Address conflict detection over ARP frames (RFC 5227).
#pragma once

#include <array>
#include <optional>

#include "src/base/address.h"
#include "src/base/bytes.h"

namespace hawser::stack {

inline constexpr size_t kArpFrameBytes = 42;

/// A probe for `address` (RFC 5227 §2.1.1): whoever has it answers.
std::array<uint8_t, kArpFrameBytes> arp_probe(const Mac& mac, Ipv4 address);

/// The host other than `mac` that uses `address` as its own in this Ethernet frame, if the frame is
/// an ARP message that shows one (RFC 5227 §2.4).
std::optional<Mac> arp_conflict(Bytes frame, const Mac& mac, Ipv4 address);

}  // namespace hawser::stack
