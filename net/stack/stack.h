// The network stack as main.cc and the protocol clients see it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/nic.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/platform.h"

namespace hawser::stack {

/// A card that was found, and where.
struct NicEntry {
  std::unique_ptr<Nic> nic;
  std::string bus = "PCI";
  uint32_t bus_location = 0;  ///< seg << 16 | bus << 8 | devfn
  uint16_t vendor = 0, device = 0;
  /// The DHCPACK, and the PXE server's answer, that the firmware got on this card; empty: none.
  std::vector<uint8_t> firmware_ack = {}, firmware_proxy = {};
  /// The VLAN that the firmware got that on, and used: priority << 13 | number, 1 to 4094.
  std::optional<uint16_t> firmware_vlan = {};
  Interface* trunk = nullptr;  ///< over which a card for a VLAN works
};

/// Sets lwIP up, makes "net0", "net1", ... of the cards and adds itself to the loop (which must
/// not be polled after the network is gone). A VLAN of the firmware's becomes an interface in front
/// of its card's own. Opens only the one that has a lease of the firmware's, and takes that. lwIP is
/// one global thing, so there is one Network at a time.
std::unique_ptr<Network> make_network(Platform& platform, Loop& loop, std::vector<NicEntry> nics);

/// The name to ask DNS for: `host` with the search domain (option 15 or Network::set_dns())
/// when it has no dot; else `host` unchanged.
std::string full_host_name(std::string_view host);

}  // namespace hawser::stack
