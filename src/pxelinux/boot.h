// Boots as a PXELINUX configuration says. docs/pxelinux.md tells users what is understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/script/command.h"
#include "src/uri/uri.h"

namespace hawser::pxelinux {

/// Where to begin.
struct Start {
  Uri base;                        ///< the folder that file names are relative to; ends in '/'
  std::string interface;           ///< "net0": whose address and MAC are searched for
  std::string explicit_name = {};  ///< DHCP option 209; empty: none
  std::optional<Uri> config = {};  ///< reads this one, and searches for none
};

/// The start for a boot file that DHCP or a script has named, when it is one of PXELINUX's boot
/// programs, or when there is none but DHCP options 209 or 210. Nothing: it has nothing to do with
/// PXELINUX, or ${pxelinux} is 0. `boot_file` is where the file is, or the root of the next server.
std::optional<Start> start_for(const Settings& settings, std::string_view interface,
                               std::string_view filename, const std::optional<Uri>& boot_file);

/// The start for `chain pxelinux:PLACE`: a folder if PLACE ends in '/', else a configuration;
/// empty: the folder of ${cwuri}. Errors: Invalid, Unsupported (relative, and no working URI).
Result<Start> start_at(const Settings& settings, std::string_view place);

/// Finds the configuration and carries it out until a kernel starts. Success: it said to go on
/// with the machine's next boot device. What failed on the way is printed.
/// Errors: NotFound (no configuration, no such entry), Cancelled, and those of downloads; Invalid
/// (a broken configuration); the failure of the entry when nobody is there to choose another.
Status boot(Context& context, const Start& start);

}  // namespace hawser::pxelinux
