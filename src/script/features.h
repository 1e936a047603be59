// What this copy of Hawser can do, for the banner and for scripts that ask (${feature/NAME}).
#pragma once

#include <string>
#include <vector>

#include "src/network.h"
#include "src/platform.h"

namespace hawser {

/// Protocols and the image formats that this machine can start, as people write them: "DNS",
/// "HTTP", "bzImage".
std::vector<std::string> formats_and_protocols(Platform& platform, Network& network);

/// These, and the additions to the language that scripts may want to know of before they use them.
std::vector<std::string> features(Platform& platform, Network& network);

}  // namespace hawser
