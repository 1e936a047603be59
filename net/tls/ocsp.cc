#include "net/tls/ocsp.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "mbedtls/oid.h"
#include "mbedtls/platform_time.h"
#include "net/tls/certificate.h"
#include "net/tls/der.h"
#include "net/tls/key_signature.h"
#include "net/tls/verify.h"
#include "src/base/date.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"

extern "C" {
/// Of mbedTLS, but not in its public headers: takes a Time (RFC 5280 §4.1.2.5) off the front.
int mbedtls_x509_get_time(unsigned char** at, const unsigned char* end, mbedtls_x509_time* time);
}

namespace hawser::tls {
namespace {

constexpr size_t kMostResponders = 4;
constexpr uint8_t kEnumerated = 0x0a, kBoolean = 0x01, kBitString = 0x03, kTime = 0x18;
constexpr uint8_t kGood = 0x80, kRevoked = 0xa1;  // CertStatus: [0] and [1], both implicit
constexpr uint8_t kSequence = DerReader::kSequence;

// RFC 6960 §4.2.1: id-pkix-ocsp-basic. RFC 7633 §4: id-pe-tlsfeature.
constexpr uint8_t kBasicResponse[] = {0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1};
constexpr uint8_t kTlsFeature[] = {0x2b, 6, 1, 5, 5, 7, 1, 24};
constexpr uint8_t kStatusRequest = 5;

bool same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

/// BasicOCSPResponse (RFC 6960 §4.2.1), borrowed.
struct Basic {
  Bytes data;  ///< what is signed: ResponseData, with its header
  Bytes algorithm, signature;
  std::vector<Bytes> responders;  ///< certificates, DER
};

/// The SingleResponse that was looked for.
struct Single {
  uint8_t status = 0;  ///< a tag
  Bytes revoked;       ///< RevokedInfo
  mbedtls_x509_time from{};
  std::optional<mbedtls_x509_time> until;
};

Result<mbedtls_x509_time> take_time(DerReader& reader) {
  Bytes whole = TRY(reader.take_whole(kTime));
  auto* at = const_cast<unsigned char*>(whole.data());
  mbedtls_x509_time time{};
  if (mbedtls_x509_get_time(&at, at + whole.size(), &time) != 0)
    return Error{Errc::Invalid, "a date that is none"};
  return time;
}

std::string text_of_time(const mbedtls_x509_time& at) {
  return to_string(Date{at.year, at.mon, at.day, at.hour, at.min, at.sec});
}

/// RFC 6960 §4.4: extensions that must be understood; there is none that we need.
Status refuse_critical(DerReader& reader) {
  if (!reader.next_is(DerReader::context(1))) return ok_status();
  DerReader list(TRY(DerReader(TRY(reader.take(DerReader::context(1)))).take(kSequence)));
  while (!list.empty()) {
    DerReader one(TRY(list.take(kSequence)));
    TRY(one.take(DerReader::kOid));
    if (one.next_is(kBoolean) && TRY(one.take(kBoolean))[0] != 0)
      return Error{Errc::Access, "has a critical extension that is not supported"};
  }
  return ok_status();
}

/// The BIT STRING at the front, which has whole bytes.
Result<Bytes> take_bits(DerReader& reader) {
  Bytes bits = TRY(reader.take(kBitString));
  if (bits.empty() || bits[0] != 0) return Error{Errc::Invalid, "not whole bytes"};
  return bits.subspan(1);
}

/// Errors: Access (an error in place of an answer), Invalid.
Result<Basic> take_apart(Bytes der) {
  DerReader file(der);
  DerReader response(TRY(file.take(kSequence)));
  Bytes status = TRY(response.take(kEnumerated));
  if (status.size() != 1 || !file.empty()) return Error{Errc::Invalid, "more than one answer"};
  if (status[0] != 0)
    return Error{Errc::Access,
                 cat("is error ", status[0], " in place of one (RFC 6960 section 4.2.1)")};
  DerReader bytes(TRY(DerReader(TRY(response.take(DerReader::context(0)))).take(kSequence)));
  if (!same(TRY(bytes.take(DerReader::kOid)), kBasicResponse))
    return Error{Errc::Invalid, "not a basic response"};
  DerReader parts(TRY(DerReader(TRY(bytes.take(DerReader::kOctets))).take(kSequence)));
  Basic basic;
  basic.data = TRY(parts.take_whole(kSequence));
  basic.algorithm = TRY(parts.take(kSequence));
  basic.signature = TRY(take_bits(parts));
  if (parts.empty()) return basic;
  DerReader list(TRY(DerReader(TRY(parts.take(DerReader::context(0)))).take(kSequence)));
  while (!list.empty() && basic.responders.size() < kMostResponders)
    basic.responders.push_back(TRY(list.take_whole(kSequence)));
  return basic;
}

/// RFC 6960 §4.1.1: CertID. Its digests only tell issuers apart, so SHA-1 will do.
Result<bool> is_about(Bytes cert_id, const mbedtls_x509_crt& certificate,
                      const mbedtls_x509_crt& issuer) {
  DerReader parts(cert_id);
  DerReader algorithm(TRY(parts.take(kSequence)));
  Bytes oid = TRY(algorithm.take(DerReader::kOid));
  Bytes name = TRY(parts.take(DerReader::kOctets)), key = TRY(parts.take(DerReader::kOctets));
  Bytes serial = TRY(parts.take(DerReader::kInteger));
  bool is_sha1 = same(oid, bytes_of(MBEDTLS_OID_DIGEST_ALG_SHA1));
  if (!is_sha1 && !same(oid, bytes_of(MBEDTLS_OID_DIGEST_ALG_SHA256))) return false;
  DigestKind kind = is_sha1 ? DigestKind::Sha1 : DigestKind::Sha256;
  DerReader key_info(TRY(DerReader(contents_of(issuer.pk_raw)).take(kSequence)));
  TRY(key_info.take(kSequence));
  return same(serial, contents_of(certificate.serial)) &&
         same(name, digest_of(kind, contents_of(issuer.subject_raw))) &&
         same(key, digest_of(kind, TRY(take_bits(key_info))));
}

Result<Single> take_single(DerReader& parts) {
  Single single;
  if (parts.next_is(kGood)) {
    TRY(parts.take(kGood));
    single.status = kGood;
  } else if (parts.next_is(kRevoked)) {
    single.revoked = TRY(parts.take(kRevoked));
    single.status = kRevoked;
  } else {
    constexpr uint8_t kUnknown = 0x82;
    TRY(parts.take(kUnknown));
  }
  single.from = TRY(take_time(parts));
  if (parts.next_is(DerReader::context(0))) {
    DerReader until(TRY(parts.take(DerReader::context(0))));
    single.until = TRY(take_time(until));
  }
  TRY(refuse_critical(parts));
  return single;
}

/// What ResponseData says about the certificate. Errors: Access (nothing), Invalid.
Result<Single> find(Bytes response_data, const mbedtls_x509_crt& certificate,
                    const mbedtls_x509_crt& issuer) {
  DerReader data(TRY(DerReader(response_data).take(kSequence)));
  TRY(data.skip(DerReader::context(0)));  // version
  TRY(data.skip(DerReader::context(1)));  // who answers: by name,
  TRY(data.skip(DerReader::context(2)));  // or by key. Its signature tells.
  TRY(take_time(data));
  DerReader list(TRY(data.take(kSequence)));
  TRY(refuse_critical(data));
  while (!list.empty()) {
    DerReader parts(TRY(list.take(kSequence)));
    if (TRY(is_about(TRY(parts.take(kSequence)), certificate, issuer))) return take_single(parts);
  }
  return Error{Errc::Access, "is not about its certificate"};
}

/// RFC 6960 §4.2.2.2: whom the issuer has told to answer for it.
bool may_answer(mbedtls_x509_crt& responder, mbedtls_x509_crt& issuer) {
  bool named = false;
  for (auto* usage = &responder.ext_key_usage; usage; usage = usage->next)
    named |= MBEDTLS_OID_CMP(MBEDTLS_OID_OCSP_SIGNING, &usage->buf) == 0;
  uint32_t flags = 0;
  return named && same_bytes(responder.issuer_raw, issuer.subject_raw) &&
         mbedtls_x509_crt_verify_with_profile(&responder, &issuer, nullptr, &kProfile, nullptr,
                                              &flags, nullptr, nullptr) == 0;
}

/// Errors: Access (not signed by who has to), Invalid, Unsupported.
Status check_signature_of(const Basic& basic, mbedtls_x509_crt& issuer) {
  SignatureAlgorithm algorithm = TRY(signature_algorithm(basic.algorithm));
  if (algorithm.digest == MBEDTLS_MD_NONE) return Error{Errc::Invalid, "no digest"};
  auto digest = digest_by(algorithm.digest, basic.data);
  if (has_signed(issuer.pk, algorithm, digest, basic.signature)) return ok_status();
  for (Bytes der : basic.responders) {
    Certificate responder;
    if (add_certificate(responder.crt, der) == 0 && may_answer(responder.crt, issuer) &&
        has_signed(responder.crt.pk, algorithm, digest, basic.signature))
      return ok_status();
  }
  return Error{Errc::Access,
               "is signed neither by the issuer of its certificate nor by whom that "
               "one has told to answer"};
}

/// Errors: Access (too old or too new).
Status check_dates(const Single& single) {
  int64_t now = hawser_tls_unix_time(nullptr);
  auto passed = [](const mbedtls_x509_time& at, int64_t when) {
    mbedtls_x509_time then;
    return mbedtls_x509_time_gmtime(when, &then) == 0 && mbedtls_x509_time_cmp(&at, &then) < 0;
  };
  std::string clock = cat("; the clock here says ", to_string(date_of(now)),
                          "; if that is wrong, correct it with: ntp SERVER");
  if (!passed(single.from, now + kOcspSlack_s))
    return Error{Errc::Access, cat("is not valid before ", text_of_time(single.from), clock)};
  if (single.until && passed(*single.until, now - kOcspSlack_s))
    return Error{Errc::Access, cat("expired on ", text_of_time(*single.until), clock)};
  if (!single.until && passed(single.from, now - kOcspLongest_s))
    return Error{Errc::Access, cat("is as old as ", text_of_time(single.from), clock)};
  return ok_status();
}

/// RFC 5280 §5.3.1: CRLReason.
std::string_view reason_text(uint8_t reason) {
  constexpr std::string_view kReasons[] = {"",
                                           " (its key is in wrong hands)",
                                           " (the key of its issuer is in wrong hands)",
                                           " (its owner has changed)",
                                           " (there is a newer one)",
                                           " (it is not in use any more)",
                                           " (on hold)"};
  return reason < std::size(kReasons) ? kReasons[reason] : "";
}

/// Errors: Access, always, or Invalid.
Status revocation(Bytes revoked_info) {
  DerReader info(revoked_info);
  std::string since = text_of_time(TRY(take_time(info)));
  std::string_view reason;
  if (info.next_is(DerReader::context(0))) {
    Bytes value = TRY(DerReader(TRY(info.take(DerReader::context(0)))).take(kEnumerated));
    if (value.size() == 1) reason = reason_text(value[0]);
  }
  return Error{Errc::Access, cat("was revoked on ", since, reason, "; the server needs a new one")};
}

}  // namespace

Status check_ocsp(Bytes response, const mbedtls_x509_crt& certificate, mbedtls_x509_crt& issuer) {
  std::string name = cat("certificate \"", printable(common_name(certificate.subject), 80), "\"");
  auto work = [&]() -> Result<Single> {
    Basic basic = TRY(take_apart(response));
    Single single = TRY(find(basic.data, certificate, issuer));
    TRY(check_signature_of(basic, issuer));
    TRY(check_dates(single));
    return single;
  };
  auto single = work();
  constexpr std::string_view kAnswer = "the OCSP answer that the server sent along";
  if (!single.ok() && single.error().code == Errc::Access)
    return Error{Errc::Access, cat(kAnswer, " ", single.error().text)};
  if (!single.ok()) return std::move(single).error().in(cat(kAnswer, " cannot be read"));
  if (single->status == kGood) return ok_status();
  if (single->status != kRevoked)
    return Error{Errc::Access, cat(name, " is not known to its issuer (OCSP: unknown)")};
  Status revoked = revocation(single->revoked);
  return Error{Errc::Access, cat(name, " ", revoked.error().text)};
}

bool needs_ocsp(const mbedtls_x509_crt& certificate) {
  auto value = extension(certificate, kTlsFeature);
  auto list = value ? DerReader(*value).take(kSequence) : Error{Errc::NotFound, ""};
  if (!list.ok()) return false;
  for (DerReader features(*list); features.next_is(DerReader::kInteger);) {
    auto feature = features.take(DerReader::kInteger);
    if (!feature.ok()) break;
    if (feature->size() == 1 && feature->front() == kStatusRequest) return true;
  }
  return false;
}

}  // namespace hawser::tls
