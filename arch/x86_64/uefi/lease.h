// The lease of an HTTP boot, which the firmware tells in the device path that it loaded us by:
// .../MAC()/IPv4()/DNS()/Uri(), UEFI 2.10 §10.3.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "arch/x86_64/uefi/efi.h"
#include "src/base/address.h"
#include "src/base/bytes.h"

namespace hawser::uefi {

struct PathLease {
  Ipv4 address = {}, netmask = {}, gateway = {}, server = {};  ///< 0.0.0.0: not told
  std::vector<Ipv4> dns = {};
};

/// What the path's IPv4 and DNS nodes tell. Nothing: there is no IPv4 node, or one without an
/// address, as in the path of a boot option that leaves it to DHCP.
std::optional<PathLease> lease_in(const efi::DevicePath* path);

/// The VLAN whose frames the path's device carries, 1 to 4094. Nothing: none.
std::optional<uint16_t> vlan_in(const efi::DevicePath* path);

/// The lease as the DHCPACK that would have told it. `mac` is the card's address of 6 bytes, `uri`
/// the boot file, which is left out if it is longer than an option can be.
std::vector<uint8_t> as_dhcp_ack(const PathLease& lease, Bytes mac, std::string_view uri);

}  // namespace hawser::uefi
