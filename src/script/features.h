// What this copy of Hawser can do, for the banner and for scripts that ask (${feature/NAME}).
#pragma once

#include <string>
#include <vector>

#include "src/network.h"

namespace hawser {

/// Protocols and image formats, as people write them: "DNS", "HTTP", "bzImage".
std::vector<std::string> formats_and_protocols(Network& network);

/// These, and the additions to the language that scripts may want to know of before they use them.
std::vector<std::string> features(Network& network);

}  // namespace hawser
