// Single questions to other hosts: addresses (DNS), echo (ICMP), the time (SNTP).
#pragma once

#include <memory>

#include "net/client.h"
#include "src/network.h"

namespace hawser::stack {

std::unique_ptr<HostQuery> start_query(ClientParts parts, const HostQuestion& question);

/// The time in a server's answer to the request with this cookie (RFC 4330 §4): seconds since 1970.
/// Errors: Protocol (not an answer to it), Io (the server has no time to give).
Result<int64_t> time_of(Bytes answer, Bytes cookie);

}  // namespace hawser::stack
