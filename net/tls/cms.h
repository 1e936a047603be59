// The Cryptographic Message Syntax (RFC 5652), as far as detached signatures go.
#pragma once

#include <vector>

#include "mbedtls/md.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// SignerInfo (RFC 5652 §5.3). Its spans point into the message.
struct CmsSigner {
  Bytes issuer, serial;  ///< of the signer's certificate: a DER Name, an INTEGER's contents;
  Bytes key_id;          ///< or its subject key identifier instead
  mbedtls_md_type_t digest = MBEDTLS_MD_NONE;  ///< SHA-256, SHA-384 or SHA-512
  Bytes attributes;  ///< the signed ones, with their tag [0]; empty: none
  Bytes algorithm;   ///< of the signature: an AlgorithmIdentifier's contents
  Bytes signature;
};

/// SignedData (RFC 5652 §5.1) without its content.
struct CmsSignedData {
  static constexpr size_t kMostCertificates = 32, kMostSigners = 8;

  Bytes content_type;               ///< an OID's contents
  std::vector<Bytes> certificates;  ///< X.509 ones, DER
  std::vector<CmsSigner> signers;   ///< at least one
};

/// What the signed attributes say (RFC 5652 §11.1, §11.2).
struct CmsAttributes {
  Bytes content_type, message_digest;
};

/// Takes a ContentInfo apart, which is borrowed. Errors: Invalid (malformed, not SignedData, content
/// inside, no signer), Range (too many parts), Access (SHA-1 or MD5), Unsupported (another digest).
Result<CmsSignedData> parse_signed_data(Bytes der);

/// `attributes` as CmsSigner has them. Errors: Invalid (malformed, one of the two is missing or there
/// twice).
Result<CmsAttributes> parse_signed_attributes(Bytes attributes);

}  // namespace hawser::tls
