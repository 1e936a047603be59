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

/// DER that is taken apart from the front. With the first value that is not as it should be `bad`
/// is set, and this and all that comes later is empty.
class Parts {
 public:
  Parts(Bytes bytes, bool& bad) : rest_(bytes), bad_(bad) {}

  bool empty() const { return rest_.empty(); }
  bool next_is(uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  Bytes take(uint8_t tag) { return checked(take_der(rest_, tag)); }
  Bytes take_whole(uint8_t tag) { return checked(take_whole_der(rest_, tag)); }
  /// What is in a value.
  Parts in(uint8_t tag) { return {take(tag), bad_}; }
  void skip(uint8_t tag) {
    if (next_is(tag)) take(tag);
  }
  /// A BIT STRING of whole bytes.
  Bytes take_bits() {
    Bytes bits = take(kBitString);
    return checked(bits.empty() || bits[0] != 0 ? std::nullopt : std::optional(bits.subspan(1)));
  }
  mbedtls_x509_time take_time() {
    Bytes whole = take_whole(kTime);
    auto* at = const_cast<unsigned char*>(whole.data());
    mbedtls_x509_time time{};
    if (mbedtls_x509_get_time(&at, at + whole.size(), &time) != 0) checked(std::nullopt);
    return time;
  }

 private:
  Bytes checked(std::optional<Bytes> value) {
    if (!value) {
      bad_ = true;
      rest_ = {};
    }
    return bad_ ? Bytes{} : *value;
  }

  Bytes rest_;
  bool& bad_;
};

/// One OCSPResponse (RFC 6960 §4.2.1), borrowed, as far as it says something about one certificate.
struct Answer {
  uint8_t error = 0;  ///< OCSPResponseStatus; the rest is empty unless it is 0
  bool is_critical =
      false;   ///< has an extension that must be understood; there is none that we need
  Bytes data;  ///< what is signed: ResponseData, with its header
  Bytes algorithm, signature;
  std::vector<Bytes> responders;  ///< certificates, DER

  bool is_about_it = false;
  uint8_t status = 0;  ///< CertStatus: kGood, kRevoked or 0
  Bytes revoked;       ///< RevokedInfo
  mbedtls_x509_time from{}, until{};
  bool has_until = false;
};

std::string text_of_time(const mbedtls_x509_time& at) {
  return to_string(Date{at.year, at.mon, at.day, at.hour, at.min, at.sec});
}

/// RFC 6960 §4.4.
bool has_critical(Parts& parts) {
  bool found = false;
  if (!parts.next_is(DerReader::context(1))) return false;
  for (Parts list = parts.in (DerReader::context(1)).in(kSequence); !list.empty();) {
    Parts one = list.in(kSequence);
    one.take(DerReader::kOid);
    found |= one.next_is(kBoolean);  // DER leaves out what is false
  }
  return found;
}

/// RFC 6960 §4.1.1: CertID. Its digests only tell issuers apart, so SHA-1 will do.
bool is_about(Parts parts, const mbedtls_x509_crt& certificate, const mbedtls_x509_crt& issuer,
              bool& bad) {
  Bytes oid = parts.in(kSequence).take(DerReader::kOid);
  Bytes name = parts.take(DerReader::kOctets), key = parts.take(DerReader::kOctets);
  Bytes serial = parts.take(DerReader::kInteger);
  bool is_sha1 = same(oid, bytes_of(MBEDTLS_OID_DIGEST_ALG_SHA1));
  if (!is_sha1 && !same(oid, bytes_of(MBEDTLS_OID_DIGEST_ALG_SHA256))) return false;
  DigestKind kind = is_sha1 ? DigestKind::Sha1 : DigestKind::Sha256;
  Parts key_info = Parts(contents_of(issuer.pk_raw), bad).in(kSequence);
  key_info.take(kSequence);
  return same(serial, contents_of(certificate.serial)) &&
         same(name, digest_of(kind, contents_of(issuer.subject_raw))) &&
         same(key, digest_of(kind, key_info.take_bits()));
}

/// SingleResponse behind its CertID.
void read_single(Parts& parts, Answer& answer) {
  constexpr uint8_t kUnknown = 0x82;
  answer.is_about_it = true;
  if (parts.next_is(kGood) || parts.next_is(kRevoked)) {
    answer.status = parts.next_is(kGood) ? kGood : kRevoked;
    answer.revoked = parts.take(answer.status);
  } else {
    parts.take(kUnknown);
  }
  answer.from = parts.take_time();
  answer.has_until = parts.next_is(DerReader::context(0));
  if (answer.has_until) answer.until = parts.in(DerReader::context(0)).take_time();
  answer.is_critical |= has_critical(parts);
}

void read_data(const mbedtls_x509_crt& certificate, const mbedtls_x509_crt& issuer, Answer& answer,
               bool& bad) {
  Parts data = Parts(answer.data, bad).in(kSequence);
  data.skip(DerReader::context(0));  // version
  data.skip(DerReader::context(1));  // who answers: by name,
  data.skip(DerReader::context(2));  // or by key. Its signature tells.
  data.take_time();
  Parts list = data.in(kSequence);
  answer.is_critical = has_critical(data);
  while (!list.empty() && !answer.is_about_it) {
    Parts parts = list.in(kSequence);
    if (is_about(parts.in(kSequence), certificate, issuer, bad)) read_single(parts, answer);
  }
}

/// Nothing when it is malformed.
std::optional<Answer> read_answer(Bytes der, const mbedtls_x509_crt& certificate,
                                  const mbedtls_x509_crt& issuer) {
  bool bad = false;
  Answer answer;
  Parts file(der, bad);
  Parts response = file.in(kSequence);
  Bytes status = response.take(kEnumerated);
  if (status.size() != 1 || !file.empty()) return std::nullopt;
  answer.error = status[0];
  if (answer.error != 0) return answer;
  Parts bytes = response.in(DerReader::context(0)).in(kSequence);
  if (!same(bytes.take(DerReader::kOid), kBasicResponse)) return std::nullopt;
  Parts basic = bytes.in(DerReader::kOctets).in(kSequence);
  answer.data = basic.take_whole(kSequence);
  answer.algorithm = basic.take(kSequence);
  answer.signature = basic.take_bits();
  if (!basic.empty()) {
    Parts list = basic.in(DerReader::context(0)).in(kSequence);
    while (!list.empty() && answer.responders.size() < kMostResponders)
      answer.responders.push_back(list.take_whole(kSequence));
  }
  read_data(certificate, issuer, answer, bad);
  if (bad) return std::nullopt;
  return answer;
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

/// What is wrong with the signature, or empty.
std::string signature_problem(const Answer& answer, mbedtls_x509_crt& issuer) {
  auto algorithm = signature_algorithm(answer.algorithm);
  if (!algorithm.ok()) return cat("cannot be checked: ", algorithm.error().text);
  auto digest = digest_by(algorithm->digest, answer.data);
  auto signed_by = [&](mbedtls_x509_crt& signer) {
    return algorithm->digest != MBEDTLS_MD_NONE &&
           has_signed(signer.pk, *algorithm, digest, answer.signature);
  };
  if (signed_by(issuer)) return "";
  for (Bytes der : answer.responders) {
    Certificate responder;
    if (add_certificate(responder.crt, der) == 0 && may_answer(responder.crt, issuer) &&
        signed_by(responder.crt))
      return "";
  }
  return "is signed neither by the issuer of its certificate nor by whom that one has told to "
         "answer";
}

bool is_before(const mbedtls_x509_time& at, int64_t when) {
  mbedtls_x509_time then;
  return mbedtls_x509_time_gmtime(when, &then) == 0 && mbedtls_x509_time_cmp(&at, &then) < 0;
}

/// The same for the dates.
std::string date_problem(const Answer& answer) {
  int64_t now = hawser_tls_unix_time(nullptr);
  std::string text;
  if (!is_before(answer.from, now + kOcspSlack_s))
    text = cat("is not valid before ", text_of_time(answer.from));
  else if (answer.has_until && is_before(answer.until, now - kOcspSlack_s))
    text = cat("expired on ", text_of_time(answer.until));
  else if (!answer.has_until && is_before(answer.from, now - kOcspLongest_s))
    text = cat("is as old as ", text_of_time(answer.from));
  else return "";
  return cat(text, "; the clock here says ", to_string(date_of(now)),
             "; if that is wrong, correct it with: ntp SERVER");
}

/// What is wrong with the answer itself, or empty.
std::string problem_of(const std::optional<Answer>& answer, mbedtls_x509_crt& issuer) {
  if (!answer) return "is malformed";
  if (answer->error != 0)
    return cat("is error ", answer->error, " in place of one (RFC 6960 section 4.2.1)");
  if (!answer->is_about_it) return "is not about its certificate";
  if (answer->is_critical) return "has a critical extension that is not supported";
  std::string text = signature_problem(*answer, issuer);
  return text.empty() ? date_problem(*answer) : text;
}

/// RFC 5280 §5.3.1: CRLReason.
std::string_view reason_text(Bytes reason) {
  constexpr std::string_view kReasons[] = {"",
                                           " (its key is in wrong hands)",
                                           " (the key of its issuer is in wrong hands)",
                                           " (its owner has changed)",
                                           " (there is a newer one)",
                                           " (it is not in use any more)",
                                           " (on hold)"};
  return reason.size() == 1 && reason[0] < std::size(kReasons) ? kReasons[reason[0]] : "";
}

std::string revocation(Bytes revoked_info) {
  bool bad = false;
  Parts info(revoked_info, bad);
  mbedtls_x509_time since = info.take_time();
  Bytes reason;
  if (info.next_is(DerReader::context(0)))
    reason = info.in(DerReader::context(0)).take(kEnumerated);
  return cat("was revoked on ", text_of_time(since), reason_text(reason),
             "; the server needs a new one");
}

}  // namespace

Status check_ocsp(Bytes response, const mbedtls_x509_crt& certificate, mbedtls_x509_crt& issuer) {
  auto answer = read_answer(response, certificate, issuer);
  std::string problem = problem_of(answer, issuer);
  if (!problem.empty())
    return Error{Errc::Access, cat("the OCSP answer that the server sent along ", problem)};
  if (answer->status == kGood) return ok_status();
  return Error{Errc::Access,
               cat("certificate \"", printable(common_name(certificate.subject), 80), "\" ",
                   answer->status == kRevoked ? revocation(answer->revoked)
                                              : "is not known to its issuer (OCSP: unknown)")};
}

bool needs_ocsp(const mbedtls_x509_crt& certificate) {
  bool bad = false;
  Parts features = Parts(extension(certificate, kTlsFeature).value_or(Bytes{}), bad).in(kSequence);
  bool needs = false;
  while (!features.empty()) {
    Bytes feature = features.take(DerReader::kInteger);
    needs |= feature.size() == 1 && feature[0] == kStatusRequest;
  }
  return needs;
}

}  // namespace hawser::tls
