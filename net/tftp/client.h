// TFTP downloads: a ReadTransfer over lwIP's UDP.
#pragma once

#include <memory>

#include "net/client.h"
#include "src/fetch.h"

namespace hawser::tftp {

/// Starts to read tftp://host[:port]/path. Borrows `sink` and `parts` for the life of the Fetch.
/// Errors: Invalid (no host or no path), those of the resolver, NoMemory.
Result<std::unique_ptr<Fetch>> start_fetch(const Uri& uri, Sink& sink, const FetchOptions& options,
                                           ClientParts& parts);

}  // namespace hawser::tftp
