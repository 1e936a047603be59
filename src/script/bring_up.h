// Bringing interfaces up: open, wait for the link, get an address. What the commands ifopen,
// iflinkwait and dhcp do, and autoboot as well.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/network.h"
#include "src/script/command.h"

namespace hawser {

inline constexpr Millis kLinkTimeout{15'000};

struct BringUpOptions {
  Millis link_deadline = kNever;  ///< a point in time
  Millis dhcp_deadline = kNever;  ///< a point in time; the client gives up by itself as well
  bool allow_shell = false;       ///< Ctrl-B ends the wait
  DhcpTask* task = nullptr;       ///< an exchange that was begun already
  /// Says, while link or lease are waited for, that another card has an answer: the wait fails then.
  std::function<bool()> give_way = {};
};

/// Makes the TFTP server that the interface's lease names the working URI, unless there is one:
/// relative URIs need somewhere to start from before any script has run.
void learn_working_uri(Context& context, const Interface& interface);

/// Starts DHCP as run_dhcp() does, on an open interface with a link.
std::unique_ptr<DhcpTask> ask_for_lease(Context& context, Interface& interface);

/// Opens the interface unless it is open. Errors: as Nic::open, with the interface's name.
Status open_interface(Interface& interface);

/// Waits for the link behind "Waiting for link-up on net0... ok"; silent when it is up already.
/// Errors: TimedOut (the text tells what to check), Cancelled (see wait_with_label()).
Status wait_for_link(Context& context, Interface& interface, const BringUpOptions& options,
                     bool* shell_wanted = nullptr);

/// Opens, waits for the link and runs DHCP behind "Configuring (net0 52:54:...)... ok". When that
/// fails, the interface is closed again. On success settings made by hand still win, and
/// the first TFTP server learned becomes the working URI if there is none.
Status run_dhcp(Context& context, Interface& interface, const BringUpOptions& options,
                bool* shell_wanted = nullptr);

/// Looks for a PXE boot server of this type behind "Looking for PXE boot server N... ok"; what it
/// answered is the settings block `pxebs` then. Errors: NotFound (nobody answered), NotConnected (no
/// lease), Cancelled.
Status find_boot_server(Context& context, Interface& interface, uint16_t type);

/// "net0: 52:54:00:12:34:56 using 82540em on 0000:00:03.0 (Ethernet) [open]" and a second line
/// with link state and counters.
std::string describe(Interface& interface);
/// "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2", or "net0: (inaccessible)" without an address.
std::string describe_route(Interface& interface);

}  // namespace hawser
