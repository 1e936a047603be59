// What a DHCP answer says about booting: boot file, PXE options, PXE boot menu.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/dhcp/message.h"

namespace hawser::dhcp {

/// An address that a host can have: not "this network", loopback, multicast or broadcast.
bool assignable(Ipv4 address);
/// Option 60 begins with "PXEClient": the sender is a PXE server (PXE 2.1 §2.2).
bool from_pxe_server(const DhcpReply& reply);
/// The answer alone tells what to boot: a file name, PXE options, a root path or an iPXE scriptlet.
bool has_boot_information(const DhcpReply& reply);
/// Option 175.176 asks clients not to wait for ProxyDHCP.
bool refuses_proxy(const DhcpReply& reply);
/// Option 175.1, by which the sender ranks its answer; 0 without it.
int priority_of(const DhcpReply& reply);

/// A PXE boot server discovery that an answer asks for.
struct BootServerSearch {
  uint16_t item = 0;          ///< type of the menu's first item; 0 means "boot from the local disk"
  std::vector<Ipv4> servers;  ///< where to ask: those listed, then multicast and broadcast; may be
                              ///< empty, when the answer names only addresses no host can have
};
/// The discovery to do at once, if `reply` carries a PXE boot menu: option 60 is exactly "PXEClient",
/// there is a menu (43.9), its prompt (43.10) says to take the first item without asking, and
/// discovery control (43.6) does not say to prefer the given file name. Other menus are for people:
/// src/pxe_menu.h. A file name that only a client like us can use, a script or a URI, wins over the
/// menu, which serves the PXE ROMs of the same network.
std::optional<BootServerSearch> boot_server_search(const DhcpReply& reply, Ipv4 sender);
/// Where to look for boot servers of a type, as discovery control says.
std::vector<Ipv4> boot_servers(const DhcpReply& reply, Ipv4 sender, uint16_t type);
/// An answer's boot item (43.71) is of this type, or it has none.
bool is_of_type(const DhcpReply& reply, uint16_t type);

}  // namespace hawser::dhcp
