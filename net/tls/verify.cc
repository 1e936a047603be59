#include "net/tls/verify.h"

#include <algorithm>

#include "mbedtls/oid.h"
#include "mbedtls/pk.h"
#include "mbedtls/platform_time.h"
#include "net/tls/ocsp.h"
#include "src/base/address.h"
#include "src/base/date.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::tls {

const mbedtls_x509_crt_profile kProfile = {
    MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSA) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSASSA_PSS) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1),
    2048,
};

namespace {

constexpr size_t kShown = 80;
constexpr std::string_view kClockAdvice = "; if that is wrong, correct it with: ntp SERVER";

std::string quoted(const mbedtls_x509_name& name) {
  return cat("\"", printable(common_name(name), kShown), "\"");
}

std::string text_of_time(const mbedtls_x509_time& at) {
  return to_string(Date{at.year, at.mon, at.day, at.hour, at.min, at.sec});
}

std::string clock_text() {
  return cat("; the clock here says ", to_string(date_of(hawser_tls_unix_time(nullptr))));
}

std::string fingerprint(const mbedtls_x509_crt& certificate) {
  return hex_bytes(digest_of(DigestKind::Sha256, contents_of(certificate.raw)), ":");
}

/// RFC 5280 §4.2.1.6: an iPAddress of four bytes.
bool has_address(const mbedtls_x509_crt& certificate, Ipv4 address) {
  constexpr int kIpAddress = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
  for (auto* name = &certificate.subject_alt_names; name; name = name->next)
    if (name->buf.tag == kIpAddress && name->buf.len == address.bytes.size() &&
        std::equal(address.bytes.begin(), address.bytes.end(), name->buf.p))
      return true;
  return false;
}

/// The names a certificate is for: "a.example, b.example, 10.0.0.1".
std::string names_of(const mbedtls_x509_crt& certificate) {
  constexpr int kDnsName = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2,
                kIpAddress = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
  std::string names;
  for (auto* name = &certificate.subject_alt_names; name; name = name->next) {
    std::string text;
    if (name->buf.tag == kDnsName)
      text = printable(text_of(contents_of(name->buf)), kShown);
    if (name->buf.tag == kIpAddress && name->buf.len == 4)
      text = to_string(Ipv4{{name->buf.p[0], name->buf.p[1], name->buf.p[2], name->buf.p[3]}});
    if (!text.empty()) names += cat(names.empty() ? "" : ", ", text);
  }
  return names.empty() ? quoted(certificate.subject) : printable(names, 2 * kShown);
}

}  // namespace

int Verification::on_certificate(void* self, mbedtls_x509_crt* certificate, int depth,
                                 uint32_t* flags) {
  static_cast<Verification*>(self)->look_at(*certificate, depth, *flags);
  return 0;
}

void Verification::look_at(mbedtls_x509_crt& certificate, int depth, uint32_t& flags) {
  asked_ = true;
  Bytes der = contents_of(certificate.raw);
  if (depth == 0) leaf_.assign(der.begin(), der.end());
  if (depth == 1) issuer_.assign(der.begin(), der.end());
  if (depth == 0) {
    if (trust_.trusts_alone(certificate)) flags &= ~uint32_t{MBEDTLS_X509_BADCERT_NOT_TRUSTED};
    auto address = parse_ipv4(host_);  // mbedTLS was given no name to check
    if (address && !has_address(certificate, *address)) flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  }
  if (depth == 0 || !is_self_issued(certificate)) {
    std::string forbidden = constraints_.problem(certificate, depth == 0 ? host_ : "");
    if (!forbidden.empty()) flags |= MBEDTLS_X509_BADCERT_OTHER;
    if (problem_.empty()) problem_ = forbidden;
  }
  if (depth > 0) constraints_.add(certificate);
  if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) note_missing_issuer(certificate);
  if (flags && problem_.empty()) problem_ = problem(certificate, depth, flags);
}

/// A root may have been signed by another one as well, so its issuer can be missing, too.
void Verification::note_missing_issuer(const mbedtls_x509_crt& certificate) {
  for (auto* sent = certificate.next; sent; sent = sent->next)
    if (same_bytes(sent->subject_raw, certificate.issuer_raw)) return;  // and is not good enough
  Bytes name = contents_of(certificate.issuer_raw);
  missing_ = MissingIssuer{{name.begin(), name.end()}, issuer_uris(certificate)};
}

std::string Verification::problem(const mbedtls_x509_crt& certificate, int depth,
                                  uint32_t flags) const {
  std::string name = quoted(certificate.subject);
  if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) return untrusted(certificate, depth);
  if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
    return cat("certificate ", name, " expired on ", text_of_time(certificate.valid_to),
               clock_text(), kClockAdvice);
  if (flags & MBEDTLS_X509_BADCERT_FUTURE)
    return cat("certificate ", name, " is not valid before ", text_of_time(certificate.valid_from),
               clock_text(), kClockAdvice);
  if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH)
    return cat("the certificate is for ", names_of(certificate), ", not for ", printable(host_, kShown),
               "; use a name that it has");
  if (flags & MBEDTLS_X509_BADCERT_BAD_MD)
    return cat("certificate ", name,
               " is signed with SHA-1 or MD5, which can be forged; it needs SHA-256 or better");
  if (flags & (MBEDTLS_X509_BADCERT_BAD_KEY | MBEDTLS_X509_BADCERT_BAD_PK))
    return cat("certificate ", name, " has, or is signed by, a key that is too weak: RSA needs 2048 "
               "bits, and elliptic curves must be P-256 or P-384");
  return "";
}

/// The chain ends at `certificate`: no trusted root signed it.
std::string Verification::untrusted(const mbedtls_x509_crt& certificate, int depth) const {
  std::string name = quoted(certificate.subject), issuer = quoted(certificate.issuer);
  if (is_self_issued(certificate))
    return cat(depth == 0 ? "the certificate is self-signed" : cat("root ", name, " is not trusted"),
               "; if you know that it is right: set trust ", fingerprint(certificate));
  for (auto* sent = certificate.next; sent; sent = sent->next) {
    if (!same_bytes(sent->subject_raw, certificate.issuer_raw)) continue;
    if (!sent->MBEDTLS_PRIVATE(ca_istrue))
      return cat("certificate ", name, " was signed by ", issuer,
                 ", which is not a certificate authority");
    int longest = sent->MBEDTLS_PRIVATE(max_pathlen);  // one more than the certificate says
    if (longest > 0 && longest <= depth)
      return cat("authority ", issuer, " allows ", longest - 1,
                 " intermediate certificates below it, and there are ", depth);
    if (mbedtls_x509_crt_check_key_usage(sent, MBEDTLS_X509_KU_KEY_CERT_SIGN) != 0)
      return cat("the key of ", issuer, " may not sign certificates (key usage)");
    if (is_self_issued(*sent))
      return cat("root ", issuer, " is not trusted, or did not sign ", name,
                 "; if you know that it is right: set trust ", fingerprint(*sent));
    return cat("the signature on certificate ", name, " is not that of ", issuer);
  }
  return cat("certificate ", name, " was issued by ", issuer,
             ", which is no trusted root, and whose certificate the server did not send");
}

bool Verification::check_staple() {
  if (issuer_.empty()) return true;
  Certificate leaf, issuer;
  if (add_certificate(leaf.crt, leaf_) != 0 || add_certificate(issuer.crt, issuer_) != 0) {
    problem_ = "no memory to check the OCSP answer";
    return false;
  }
  if (staple_) {
    if (Status good = check_ocsp(*staple_, leaf.crt, issuer.crt); !good.ok())
      problem_ = good.error().text;
  } else if (needs_ocsp(leaf.crt)) {
    problem_ = cat("certificate ", quoted(leaf.crt.subject), " demands an OCSP answer along with it, and "
                   "the server sent none; it has to staple them");
  }
  return problem_.empty();
}

Error Verification::failure(uint32_t flags) const {
  std::string text = problem_;
  if (text.empty() && (flags & (MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE)))
    text = "the certificate is not meant for a server (key usage)";
  if (text.empty() && (flags & MBEDTLS_X509_BADCERT_BAD_KEY))
    text = "the server's key is too weak, or of a kind that is not supported";
  if (text.empty()) text = cat("the certificate was refused (0x", hex(flags), ")");
  return {Errc::Access, std::move(text)};
}

}  // namespace hawser::tls
