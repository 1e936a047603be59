// The DHCP packets that boot programs ask for, made anew of settings: what scripts have set counts.
#pragma once

#include "src/pxe_api/server.h"
#include "src/settings/settings.h"
#include "src/uri/uri.h"

namespace hawser::pxe_api {

/// What DHCP said on `interface`, with the settings of scripts in place of it. Programs fetch their
/// own files from where they came: next server and file name are those of `program` when that is
/// tftp://ADDRESS/PATH.
Packets make_packets(const Settings& settings, Interface& interface,
                     const std::optional<Uri>& program);

}  // namespace hawser::pxe_api
