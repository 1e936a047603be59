// The certificates that are at hand, as commands show and change them.
#pragma once

#include <string_view>
#include <vector>

#include "net/tls/context.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/network.h"

namespace hawser::tls {

/// Packed roots, our own certificate, and the stored ones, in this order.
std::vector<KnownCertificate> known_certificates(Context& context);

/// As Network::store_certificates().
Status store_certificates(Bytes file, std::string_view name, Trust& trust);

}  // namespace hawser::tls
