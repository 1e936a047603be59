#include "net/tls/certificate.h"

#include <algorithm>

#include "mbedtls/asn1.h"
#include "mbedtls/oid.h"
#include "mbedtls/pem.h"
#include "src/base/text.h"

namespace hawser::tls {
namespace {

constexpr int kSequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
constexpr int kContext = MBEDTLS_ASN1_CONTEXT_SPECIFIC;
constexpr int kContextConstructed = kContext | MBEDTLS_ASN1_CONSTRUCTED;

constexpr uint8_t kNameConstraints[] = {0x55, 0x1d, 0x1e};
constexpr uint8_t kTlsFeature[] = {0x2b, 6, 1, 5, 5, 7, 1, 24};  // RFC 7633, for ocsp.cc
constexpr uint8_t kAuthorityInfoAccess[] = {0x2b, 6, 1, 5, 5, 7, 1, 1};
constexpr uint8_t kCaIssuers[] = {0x2b, 6, 1, 5, 5, 7, 0x30, 2};

bool same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

using Ders = std::vector<std::vector<uint8_t>>;

/// RFC 5652 §5.1: SignedData whose only use is to carry certificates.
void take_from_cms(Bytes content_info, Ders& found) {
  if (!take_der(content_info, MBEDTLS_ASN1_OID)) return;
  auto wrapped = take_der(content_info, kContextConstructed);
  if (!wrapped) return;
  auto data = take_der(*wrapped, kSequence);
  if (!data || !take_der(*data, MBEDTLS_ASN1_INTEGER) ||
      !take_der(*data, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SET) || !take_der(*data, kSequence))
    return;
  auto certificates = take_der(*data, kContextConstructed);
  while (certificates && !certificates->empty()) {
    auto one = take_whole_der(*certificates, kSequence);
    if (!one) return;
    found.emplace_back(one->begin(), one->end());
  }
}

void take_from_der(Bytes file, Ders& found) {
  while (auto whole = take_whole_der(file, kSequence)) {
    Bytes rest = *whole;
    auto inner = take_der(rest, kSequence);
    if (!inner->empty() && inner->front() == MBEDTLS_ASN1_OID) take_from_cms(*inner, found);
    else found.emplace_back(whole->begin(), whole->end());
  }
}

void take_from_pem(const std::string& text, Ders& found) {
  constexpr const char *kBegin = "-----BEGIN CERTIFICATE-----", *kEnd = "-----END CERTIFICATE-----";
  size_t at = 0;
  while (text.find(kBegin, at) != std::string::npos) {
    mbedtls_pem_context pem;
    mbedtls_pem_init(&pem);
    size_t used = 0;
    int failed = mbedtls_pem_read_buffer(&pem, kBegin, kEnd, bytes_of(text).data() + at, nullptr, 0,
                                         &used);
    size_t bytes = 0;
    const uint8_t* der = mbedtls_pem_get_buffer(&pem, &bytes);
    if (!failed) found.emplace_back(der, der + bytes);
    mbedtls_pem_free(&pem);
    if (failed || used == 0) return;
    at += used;
  }
}

/// Whether a critical extension that mbedTLS does not know is known to us.
int on_extension(void*, const mbedtls_x509_crt*, const mbedtls_x509_buf* identifier, int critical,
                 const unsigned char*, const unsigned char*) {
  for (Bytes known : {Bytes{kNameConstraints}, Bytes{kTlsFeature}})
    critical = critical && !same(contents_of(*identifier), known);
  if (!critical) return 0;
  return MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE;
}

}  // namespace

bool same_bytes(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b) {
  return same(contents_of(a), contents_of(b));
}

bool is_self_issued(const mbedtls_x509_crt& certificate) {
  return same_bytes(certificate.issuer_raw, certificate.subject_raw);
}

std::string common_name(const mbedtls_x509_name& subject) {
  const mbedtls_x509_name* shown = &subject;
  for (auto* part = &subject; part; part = part->next) {
    shown = part;
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) == 0) break;
  }
  return std::string(text_of(contents_of(shown->val)));
}

int add_certificate(mbedtls_x509_crt& chain, Bytes der) {
  return mbedtls_x509_crt_parse_der_with_ext_cb(&chain, der.data(), der.size(), 1, on_extension,
                                                nullptr);
}

Result<std::vector<std::vector<uint8_t>>> split_certificates(Bytes file) {
  Ders found;
  if (!file.empty() && file.front() == kSequence) take_from_der(file, found);
  else take_from_pem(std::string(text_of(file)), found);
  if (found.empty()) return Error{Errc::Invalid, "no certificate in it, neither as DER nor as PEM"};
  return found;
}

std::optional<Bytes> take_der(Bytes& rest, int tag) {
  auto* at = const_cast<unsigned char*>(rest.data());
  size_t bytes = 0;
  if (mbedtls_asn1_get_tag(&at, rest.data() + rest.size(), &bytes, tag) != 0) return std::nullopt;
  Bytes contents{at, bytes};
  rest = rest.subspan(size_t(at - rest.data()) + bytes);
  return contents;
}

std::optional<Bytes> take_whole_der(Bytes& rest, int tag) {
  const uint8_t* start = rest.data();
  if (!take_der(rest, tag)) return std::nullopt;
  return Bytes{start, rest.data()};
}

std::optional<Bytes> extension(const mbedtls_x509_crt& certificate, Bytes identifier) {
  Bytes wrapped = contents_of(certificate.v3_ext);
  auto list = take_der(wrapped, kSequence);
  while (list && !list->empty()) {
    auto one = take_der(*list, kSequence);
    if (!one) break;
    auto name = take_der(*one, MBEDTLS_ASN1_OID);
    take_der(*one, MBEDTLS_ASN1_BOOLEAN);
    auto value = take_der(*one, MBEDTLS_ASN1_OCTET_STRING);
    if (name && value && same(*name, identifier)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> issuer_uris(const mbedtls_x509_crt& certificate) {
  constexpr size_t kMost = 4;
  std::vector<std::string> uris;
  auto access = extension(certificate, kAuthorityInfoAccess);
  if (!access) return uris;
  auto list = take_der(*access, kSequence);
  while (list && !list->empty() && uris.size() < kMost) {
    auto one = take_der(*list, kSequence);
    if (!one) break;
    auto method = take_der(*one, MBEDTLS_ASN1_OID);
    auto uri = take_der(*one, kContext | 6);
    if (!method || !uri || !same(*method, kCaIssuers)) continue;
    std::string_view text = text_of(*uri);
    if (equal_ignoring_case(text.substr(0, 7), "http://")) uris.emplace_back(text);
  }
  return uris;
}

}  // namespace hawser::tls

/// mbedTLS calls this for the certificates of servers, in place of mbedtls_x509_crt_parse_der()
/// (the Makefile renames it there).
extern "C" int hawser_x509_crt_parse_der(mbedtls_x509_crt* chain, const unsigned char* der,
                                         size_t bytes) {
  return hawser::tls::add_certificate(*chain, {der, bytes});
}
