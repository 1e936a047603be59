// HTTP downloads: a Download over lwIP's TCP.
#pragma once

#include <memory>

#include "net/client.h"
#include "net/http/connection.h"
#include "src/fetch.h"

namespace hawser::http {

/// Starts to read http://[user:password@]host[:port]/path?query. Borrows `sink`, `kept` and `parts`
/// for the life of the Fetch.
std::unique_ptr<Fetch> start_fetch(const Uri& uri, Sink& sink, const FetchOptions& options,
                                   KeptConnections& kept, ClientParts& parts);

}  // namespace hawser::http
