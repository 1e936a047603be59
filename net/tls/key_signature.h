// Signatures as CMS and OCSP carry them: an AlgorithmIdentifier (RFC 5280 §4.1.1.2) and bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "mbedtls/md.h"
#include "mbedtls/pk.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

struct SignatureAlgorithm {
  mbedtls_pk_type_t kind = MBEDTLS_PK_NONE;
  /// SHA-256, SHA-384 or SHA-512; none where the algorithm leaves it open (RFC 3370 §3.2).
  mbedtls_md_type_t digest = MBEDTLS_MD_NONE;
};

/// The digest of an AlgorithmIdentifier, given its contents. Errors: Access (SHA-1 or MD5),
/// Invalid, Unsupported (anything but SHA-256, SHA-384 and SHA-512).
Result<mbedtls_md_type_t> digest_algorithm(Bytes contents);

/// The same for the algorithm of a signature: RSA (PKCS #1, PSS with one digest for everything) or
/// ECDSA. Errors: Access (SHA-1 or MD5), Invalid, Unsupported.
Result<SignatureAlgorithm> signature_algorithm(Bytes contents);

/// `kind` is one that digest_algorithm() returns.
std::vector<uint8_t> digest_by(mbedtls_md_type_t kind, Bytes data);

/// Whether `signature` is that of `key` on `digest`. `by` has a digest.
bool has_signed(mbedtls_pk_context& key, const SignatureAlgorithm& by, Bytes digest,
                Bytes signature);

}  // namespace hawser::tls
