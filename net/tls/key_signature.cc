#include "net/tls/key_signature.h"

#include "mbedtls/oid.h"
#include "net/tls/der.h"
#include "src/crypto/digest.h"

namespace hawser::tls {
namespace {

/// Errors: Access (SHA-1 or MD5), Unsupported (anything but SHA-256, SHA-384 and SHA-512).
Result<mbedtls_md_type_t> strong(mbedtls_md_type_t digest) {
  switch (digest) {
    case MBEDTLS_MD_SHA256:
    case MBEDTLS_MD_SHA384:
    case MBEDTLS_MD_SHA512:
      return digest;
    case MBEDTLS_MD_MD5:
    case MBEDTLS_MD_SHA1:
      return Error{
          Errc::Access,
          "the signature uses SHA-1 or MD5, which can be forged; it needs SHA-256 or better"};
    default:
      return Error{Errc::Unsupported,
                   "the signature's digest is none of SHA-256, SHA-384 and SHA-512"};
  }
}

/// RSASSA-PSS-params (RFC 4055 §3.1): one digest for everything. mbedTLS accepts any salt.
/// Errors: Invalid, Access, Unsupported.
Result<mbedtls_md_type_t> pss_digest(DerReader algorithm) {
  DerReader parameters(TRY(algorithm.take(DerReader::kSequence)));
  // Left out, each of the two is SHA-1.
  DerReader digest(TRY(parameters.take(DerReader::context(0))));
  auto of_data = TRY(digest_algorithm(TRY(digest.take(DerReader::kSequence))));
  DerReader mask(TRY(parameters.take(DerReader::context(1))));
  DerReader function(TRY(mask.take(DerReader::kSequence)));
  TRY(function.take(DerReader::kOid));  // MGF1: there is no other
  auto of_mask = TRY(digest_algorithm(TRY(function.take(DerReader::kSequence))));
  if (of_data != of_mask)
    return Error{Errc::Unsupported,
                 "the signature uses two digests; one for all parts is supported"};
  return of_data;
}

}  // namespace

Result<mbedtls_md_type_t> digest_algorithm(Bytes contents) {
  Bytes oid = TRY(DerReader(contents).take(DerReader::kOid));
  mbedtls_asn1_buf name{MBEDTLS_ASN1_OID, oid.size(), const_cast<uint8_t*>(oid.data())};
  mbedtls_md_type_t digest = MBEDTLS_MD_NONE;
  if (mbedtls_oid_get_md_alg(&name, &digest) != 0) digest = MBEDTLS_MD_NONE;
  return strong(digest);
}

Result<SignatureAlgorithm> signature_algorithm(Bytes contents) {
  DerReader algorithm(contents);
  Bytes oid = TRY(algorithm.take(DerReader::kOid));
  mbedtls_asn1_buf name{MBEDTLS_ASN1_OID, oid.size(), const_cast<uint8_t*>(oid.data())};
  SignatureAlgorithm found;
  if (mbedtls_oid_get_sig_alg(&name, &found.digest, &found.kind) == 0)
    found.digest =
        TRY(found.kind == MBEDTLS_PK_RSASSA_PSS ? pss_digest(algorithm) : strong(found.digest));
  else if (mbedtls_oid_get_pk_alg(&name, &found.kind) != 0 || found.kind != MBEDTLS_PK_RSA)
    return Error{Errc::Unsupported, "the signature is neither RSA nor ECDSA"};
  return found;
}

std::vector<uint8_t> digest_by(mbedtls_md_type_t kind, Bytes data) {
  return digest_of(kind == MBEDTLS_MD_SHA256   ? DigestKind::Sha256
                   : kind == MBEDTLS_MD_SHA384 ? DigestKind::Sha384
                                               : DigestKind::Sha512,
                   data);
}

bool has_signed(mbedtls_pk_context& key, const SignatureAlgorithm& by, Bytes digest,
                Bytes signature) {
  const mbedtls_pk_rsassa_pss_options pss{by.digest, MBEDTLS_RSA_SALT_LEN_ANY};
  return mbedtls_pk_verify_ext(by.kind, by.kind == MBEDTLS_PK_RSASSA_PSS ? &pss : nullptr, &key,
                               by.digest, digest.data(), digest.size(), signature.data(),
                               signature.size()) == 0;
}

}  // namespace hawser::tls
