// The certificate authorities that Hawser trusts unless told otherwise: those of Debian's package
// ca-certificates at build time (scripts/make-roots).
#pragma once

#include <cstdint>
#include <vector>

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"

namespace hawser::tls {

using Der = std::vector<uint8_t>;

/// Certificates of the roots that may have signed `child`: those with the name of its issuer; usually one
/// or none. A root is a trust anchor (RFC 5280 §6.1.1 (d)), name and key, so the certificate is made
/// here, and its signature is empty.
std::vector<Der> roots_above(const mbedtls_x509_crt& child);

/// The certificate of a trust anchor: `name` is a DER Name, `key` a DER SubjectPublicKeyInfo.
Der anchor_certificate(Bytes name, Bytes key);

/// What stands for a root where there is no room for its key: the first bytes of the SHA-256 of its name
/// and key, one after the other. Nobody can make another key for 128 bits of it.
inline constexpr size_t kRootDigestBytes = 16;

/// roots_above() for a small ROM, which has no more than the digests of roots, one after the other: a root
/// is found only among the certificates behind `child`, sent by the server or fetched.
std::vector<Der> roots_sent_above(const mbedtls_x509_crt& child, Bytes digests);

}  // namespace hawser::tls
