// Downloads by URI scheme: the one Fetcher that commands use, over TFTP and HTTP.
#pragma once

#include <memory>

#include "net/stack/activity.h"
#include "src/fetch.h"
#include "src/platform.h"

namespace hawser {

/// lwIP is set up already. Borrows both, which outlive the Fetcher; each Fetch in turn must be gone
/// before the Fetcher. Destroying the Fetcher closes kept HTTP connections.
std::unique_ptr<Fetcher> make_fetcher(Platform& platform, stack::ActivityCount& activity);

}  // namespace hawser
