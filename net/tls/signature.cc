#include "net/tls/signature.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "mbedtls/oid.h"
#include "mbedtls/pem.h"
#include "net/tls/cms.h"
#include "net/tls/der.h"
#include "net/tls/key_signature.h"
#include "net/tls/verify.h"
#include "src/base/format.h"

namespace hawser::tls {
namespace {

constexpr size_t kShown = 80;

/// The signer's certificate, and behind it the others of the message.
struct Chain {
  Chain() { mbedtls_x509_crt_init(&first); }
  ~Chain() { mbedtls_x509_crt_free(&first); }
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;
  bool add(Bytes der) { return add_certificate(first, der) == 0; }

  mbedtls_x509_crt first;
};

bool same(Bytes a, const mbedtls_x509_buf& b) {
  return std::equal(a.begin(), a.end(), b.p, b.p + b.len);
}

bool is_of(const CmsSigner& signer, const mbedtls_x509_crt& certificate) {
  if (!signer.key_id.empty()) return same(signer.key_id, certificate.subject_key_id);
  return same(signer.issuer, certificate.issuer_raw) && same(signer.serial, certificate.serial);
}

/// Fills `chain`. Those that cannot be read are passed over. Errors: Access (it is not there).
Status find_chain(const CmsSignedData& message, const CmsSigner& signer, Chain& chain) {
  size_t found = 0;
  for (; found < message.certificates.size(); ++found) {
    Chain candidate;
    if (candidate.add(message.certificates[found]) && is_of(signer, candidate.first)) break;
  }
  if (found == message.certificates.size())
    return Error{Errc::Access, "the signer's certificate is not in the signature, or its key is "
                               "neither RSA nor ECDSA on P-256 or P-384"};
  chain.add(message.certificates[found]);
  for (size_t i = 0; i < message.certificates.size(); ++i)
    if (i != found) chain.add(message.certificates[i]);
  return ok_status();
}

std::string common_name(const mbedtls_x509_crt& certificate) {
  for (auto* part = &certificate.subject; part; part = part->next)
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) == 0)
      return std::string(text_of(contents_of(part->val)));
  return "";
}

/// What the signature is over (RFC 5652 §5.4): the file's digest, or that of the attributes, which
/// have it. Errors: Access (another file), Invalid.
Result<std::vector<uint8_t>> signed_digest(const CmsSignedData& message, const CmsSigner& signer,
                                           Bytes data) {
  std::vector<uint8_t> digest = digest_by(signer.digest, data);
  if (signer.attributes.empty()) return digest;
  CmsAttributes attributes = TRY(parse_signed_attributes(signer.attributes));
  auto equal = [](Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); };
  if (!equal(attributes.content_type, message.content_type))
    return Error{Errc::Invalid, "the signature names two types of content"};
  if (!equal(attributes.message_digest, digest))
    return Error{Errc::Access, "this is not the file that was signed; if it should be, sign it again "
                               "(with openssl cms -sign -binary)"};
  std::vector<uint8_t> as_set(signer.attributes.begin(), signer.attributes.end());
  as_set[0] = DerReader::kSet;
  return digest_by(signer.digest, as_set);
}

Error not_right(const mbedtls_x509_crt& certificate) {
  return {Errc::Access, cat("the signature is not that of \"",
                            printable(common_name(certificate), kShown),
                            "\" on this file: one of the two was changed")};
}

Status check_by_key(const CmsSigner& signer, mbedtls_x509_crt& certificate,
                    const std::vector<uint8_t>& digest) {
  SignatureAlgorithm algorithm = TRY(signature_algorithm(signer.algorithm));
  // RFC 3370 §3.2: rsaEncryption leaves the digest to the signer's field of its own.
  if (algorithm.digest != MBEDTLS_MD_NONE && algorithm.digest != signer.digest)
    return Error{Errc::Invalid, "the signature names two digests"};
  algorithm.digest = signer.digest;
  if (!has_signed(certificate.pk, algorithm, digest, signer.signature)) return not_right(certificate);
  return ok_status();
}

/// RFC 5280 §4.2.1.12: "any" is not enough, nor is a certificate that says nothing.
bool is_for_code(const mbedtls_x509_crt& certificate) {
  if (!mbedtls_x509_crt_has_ext_type(&certificate, MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE)) return false;
  bool named = false;
  for (auto* usage = &certificate.ext_key_usage; usage; usage = usage->next)
    named |= MBEDTLS_OID_CMP(MBEDTLS_OID_CODE_SIGNING, &usage->buf) == 0;
  return named &&
         mbedtls_x509_crt_check_key_usage(&certificate, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0;
}

Status check_signer(const CmsSignedData& message, const CmsSigner& signer, Bytes data,
                    std::string_view wanted, Trust& trust) {
  Chain chain;
  TRY(find_chain(message, signer, chain));
  std::string name = common_name(chain.first);
  if (!wanted.empty() && name != wanted)
    return Error{Errc::Access, cat("signed by \"", printable(name, kShown), "\", not by \"",
                                   printable(wanted, kShown), "\"")};
  auto digest = TRY(signed_digest(message, signer, data));
  TRY(check_by_key(signer, chain.first, digest));
  if (!is_for_code(chain.first))
    return Error{Errc::Access, cat("the certificate of \"", printable(name, kShown),
                                   "\" is not meant for code signing (extended key usage)")};
  Verification verification("", trust);
  uint32_t flags = 0;
  int failed = mbedtls_x509_crt_verify_with_ca_cb(&chain.first, Trust::find_issuers, &trust, &kProfile,
                                                  nullptr, &flags, Verification::on_certificate,
                                                  &verification);
  if (failed == MBEDTLS_ERR_X509_ALLOC_FAILED)
    return Error{Errc::NoMemory, "no memory for the signer's certificates"};
  return failed ? Status{verification.failure(flags)} : ok_status();
}

/// PEM (RFC 7468 §9 and what came before it) as DER; nothing when it is none.
std::optional<std::vector<uint8_t>> from_pem(Bytes text) {
  std::string copy(text_of(text));
  for (std::string_view label : {"CMS", "PKCS7"}) {
    std::string begin = cat("-----BEGIN ", label, "-----"), end = cat("-----END ", label, "-----");
    mbedtls_pem_context pem;
    mbedtls_pem_init(&pem);
    size_t used = 0;
    int failed = mbedtls_pem_read_buffer(&pem, begin.c_str(), end.c_str(), bytes_of(copy).data(),
                                         nullptr, 0, &used);
    std::optional<std::vector<uint8_t>> der;
    if (!failed) {
      size_t size = 0;
      const uint8_t* bytes = mbedtls_pem_get_buffer(&pem, &size);
      der.emplace(bytes, bytes + size);
    }
    mbedtls_pem_free(&pem);
    if (der) return der;
  }
  return std::nullopt;
}

}  // namespace

Status check_signature(Bytes data, Bytes signature, std::string_view signer, Trust& trust) {
  if (signature.size() > kMostSignatureBytes)
    return Error{Errc::Range, "a signature of more than 1 MiB"};
  std::optional<std::vector<uint8_t>> der = from_pem(signature);
  auto message = parse_signed_data(der ? Bytes{*der} : signature);
  if (!message.ok() && message.error().code == Errc::Invalid)
    return std::move(message).error().in("not a detached CMS signature, DER or PEM");
  if (!message.ok()) return std::move(message).error();
  Status last = ok_status();
  for (const CmsSigner& each : message->signers) {
    last = check_signer(*message, each, data, signer, trust);
    if (last.ok()) break;
  }
  return last;
}

}  // namespace hawser::tls
