// Where a PXELINUX configuration is looked for (SYSLINUX doc/pxelinux.txt, RFC 5071).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/address.h"
#include "src/base/result.h"
#include "src/uri/uri.h"

namespace hawser::pxelinux {

/// What tells this machine from others.
struct Identity {
  std::string uuid;  ///< "b8945908-d6a6-…", lower case; empty: none
  std::string mac;   ///< "52-54-00-12-34-56", lower case; empty: none
  Ipv4 address;      ///< all zero: none
};

/// Names in order of search, relative to the folder of the boot file: `explicit_name` (DHCP option
/// 209) if it is not empty, then below "pxelinux.cfg/" the UUID, the hardware type and address,
/// the IPv4 address in hexadecimal with one digit less each time, and "default".
std::vector<std::string> config_names(const Identity& identity, std::string_view explicit_name);

/// A file that a configuration names, seen from the folder `base`: a URI stays as it is,
/// "::path" is a path from the server's root, "host::path" one on another TFTP server.
/// Errors: Invalid (no URI can be made of it).
Result<Uri> file_uri(const Uri& base, std::string_view file);

/// True for the names of PXELINUX's own boot programs: "pxelinux.0", "/x/lpxelinux.0",
/// "syslinux.efi".
bool is_pxelinux_program(std::string_view file);

}  // namespace hawser::pxelinux
