// What happens when nobody gave a script: each interface in turn gets a link, a lease, and runs the
// file its DHCP server names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/address.h"
#include "src/base/result.h"
#include "src/network.h"
#include "src/script/command.h"
#include "src/settings/settings.h"
#include "src/uri/uri.h"

namespace hawser {

enum class AutobootEnd : uint8_t {
  Ended,      ///< a script ran to its end without an error
  Failed,     ///< nothing booted; why was printed for each interface
  Cancelled,  ///< Ctrl-C
  Shell,      ///< Ctrl-B while link and lease were awaited
};

/// All interfaces, the one at `first` (a bus location) in front. One that lies behind a VLAN over it
/// is left out: the firmware used the VLAN.
std::vector<Interface*> boot_order(Network& network, std::optional<uint32_t> first);

/// Tries the interfaces in the order given. All links come up together: they are waited for at
/// most 15 s in all until one boots. All ask for a lease at once as well; one that gets something to
/// boot is tried first, if those before it get no answer within two seconds more. The last interface
/// tried stays configured for the shell.
AutobootEnd autoboot(Context& context, std::vector<Interface*> order);

/// What to boot, as DHCP or settings say.
struct BootFile {
  std::string filename;
  std::string next_server;  ///< address or name; empty: none was given
  std::string source = {};  ///< who named it, for people: "DHCP server 10.0.2.2"
};
/// From the block of settings that supplies `filename` for this interface (its own, its lease),
/// else from the ProxyDHCP answer: the file, and from the same place the next server: siaddr, else
/// option 66. Nothing when there is no filename.
std::optional<BootFile> boot_file(const Settings& settings, const Interface& interface);

/// The filename itself if it is an absolute URI with a host, else "tftp://NEXT-SERVER/FILENAME".
/// Without next server it is taken relative to ${cwuri}. Errors: Invalid, Unsupported.
Result<Uri> boot_uri(const Settings& settings, const BootFile& file);

}  // namespace hawser
