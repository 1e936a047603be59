// Detached signatures of files (RFC 5652): are they right, and by somebody who may sign code?
#pragma once

#include <string_view>

#include "net/tls/trust.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

inline constexpr size_t kMostSignatureBytes = 1u << 20;

/// Checks that `signature` (CMS SignedData, DER or PEM) is one of `data`, made by a key whose
/// certificate is for code signing (RFC 5280 §4.2.1.12) and leads up to a root that `trust` has, at the
/// time of the machine's clock. One good signer among several is enough; unless empty, `signer` is
/// the common name that it must have. attach_mbedtls() came before.
/// Errors: Access (not of this data, tampered with, not trusted: the text says what), Invalid and
/// Range (malformed), Unsupported (algorithms), NoMemory.
Status check_signature(Bytes data, Bytes signature, std::string_view signer, Trust& trust);

}  // namespace hawser::tls
