#include <algorithm>
#include <initializer_list>

#include "net/tls/certificate.h"
#include "net/tls/roots.h"
#include "src/crypto/digest.h"

namespace hawser::tls {
namespace {

/// ITU-T X.690: a tag, the length of all parts, and these.
Der element(uint8_t tag, std::initializer_list<Bytes> parts) {
  size_t bytes = 0;
  for (Bytes part : parts) bytes += part.size();
  Der der{tag};
  if (bytes < 0x80) der.push_back(uint8_t(bytes));
  else der.insert(der.end(), {0x82, uint8_t(bytes >> 8), uint8_t(bytes)});
  for (Bytes part : parts) der.insert(der.end(), part.begin(), part.end());
  return der;
}

bool has_digest(Bytes digests, const mbedtls_x509_crt& root) {
  Der anchor(root.subject_raw.p, root.subject_raw.p + root.subject_raw.len);
  anchor.insert(anchor.end(), root.pk_raw.p, root.pk_raw.p + root.pk_raw.len);
  auto digest = digest_of(DigestKind::Sha256, anchor);
  for (; digests.size() >= kRootDigestBytes; digests = digests.subspan(kRootDigestBytes))
    if (std::equal(digests.begin(), digests.begin() + kRootDigestBytes, digest.begin())) return true;
  return false;
}

}  // namespace

Der anchor_certificate(Bytes name, Bytes key) {
  // RFC 5280 §4.1: version 3, serial number 1, always valid, and a certificate authority.
  constexpr uint8_t kSequence = 0x30, kBitString = 0x03, kExtensions = 0xa3;
  static constexpr uint8_t kVersionAndSerial[] = {0xa0, 3, 2, 1, 2, 2, 1, 1};
  static constexpr uint8_t kEcdsaSha256[] = {0x30, 10, 6, 8,    0x2a, 0x86,
                                             0x48, 0xce, 0x3d, 4, 3, 2};
  static constexpr char kValidity[] = "\x17\x0d" "500101000000Z" "\x18\x0f" "99991231235959Z";
  // Critical, and its value is SEQUENCE { cA TRUE }.
  static constexpr uint8_t kBasicConstraints[] = {0x30, 17, 0x30, 15, 6, 3, 0x55, 0x1d, 0x13, 1, 1,
                                                  0xff, 4, 5, 0x30, 3, 1, 1, 0xff};
  static constexpr uint8_t kNoUnusedBits[] = {0};
  Der validity = element(kSequence, {bytes_of(kValidity)});
  Der constraints = element(kExtensions, {Bytes{kBasicConstraints}});
  Der to_be_signed = element(
      kSequence, {kVersionAndSerial, kEcdsaSha256, name, validity, name, key, constraints});
  return element(kSequence, {to_be_signed, kEcdsaSha256, element(kBitString, {kNoUnusedBits})});
}

std::vector<Der> roots_sent_above(const mbedtls_x509_crt& child, Bytes digests) {
  std::vector<Der> found;
  for (auto* sent = child.next; sent; sent = sent->next)
    if (same_bytes(sent->subject_raw, child.issuer_raw) && has_digest(digests, *sent))
      found.push_back(anchor_certificate(contents_of(sent->subject_raw), contents_of(sent->pk_raw)));
  return found;
}

}  // namespace hawser::tls
