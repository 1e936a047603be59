// The script beside the program, when firmware loaded that over the network.
#pragma once

#include <vector>

#include "src/network.h"
#include "src/script/command.h"

namespace hawser {

/// Looks for autoexec.ipxe where the program came from (the working URI of an HTTP boot, else what
/// the lease of the first interface names), then at the top of that server, and registers it. Most
/// servers have none, which is no error and prints nothing.
void fetch_autoexec(Context& context, const std::vector<Interface*>& order);

}  // namespace hawser
