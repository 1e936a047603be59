// UDP ports for those who speak a protocol of their own: boot programs (src/pxe_api).
#pragma once

#include <memory>

#include "src/network.h"

namespace hawser::stack {

/// Errors: AddressNotAvailable (somebody has the port), NoMemory.
Result<std::unique_ptr<UdpPort>> open_udp_port(uint16_t port);

}  // namespace hawser::stack
