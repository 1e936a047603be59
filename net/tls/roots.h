// The certificate authorities that Hawser trusts unless told otherwise: those of Debian's package
// ca-certificates at build time (scripts/make-roots).
#pragma once

#include <cstdint>
#include <vector>

#include "src/base/bytes.h"

namespace hawser::tls {

/// Certificates (DER) of the roots whose name is `subject` (a DER Name); usually one or none. A root
/// is kept as a trust anchor (RFC 5280 §6.1.1 (d)): name and key. So the certificate is made here,
/// and its signature is empty.
std::vector<std::vector<uint8_t>> roots_named(Bytes subject);

/// How many there are.
size_t count_roots();

}  // namespace hawser::tls
