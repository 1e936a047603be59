#include "net/tls/trust.h"

#include <algorithm>
#include <cstdlib>

#include "net/tls/roots.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::tls {
namespace {

/// A list of certificates that mbedTLS may take over.
class CertificateList {
 public:
  ~CertificateList() {
    if (!first_) return;
    mbedtls_x509_crt_free(first_);
    std::free(first_);
  }
  /// False without memory, or when `der` is no certificate.
  bool add(Bytes der) {
    if (!first_) {
      first_ = static_cast<mbedtls_x509_crt*>(std::calloc(1, sizeof *first_));
      if (!first_) return false;
      mbedtls_x509_crt_init(first_);
    }
    return mbedtls_x509_crt_parse_der(first_, der.data(), der.size()) == 0;
  }
  mbedtls_x509_crt* release() {
    mbedtls_x509_crt* list = first_;
    first_ = nullptr;
    return list;
  }

 private:
  mbedtls_x509_crt* first_ = nullptr;
};

}  // namespace

bool same_bytes(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b) {
  return std::equal(a.p, a.p + a.len, b.p, b.p + b.len);
}

void Trust::set_fingerprints(Bytes fingerprints) {
  fingerprints_.assign(fingerprints.begin(), fingerprints.end());
}

Status Trust::set_roots(Bytes certificates) {
  mbedtls_x509_crt_free(&roots_);
  mbedtls_x509_crt_init(&roots_);
  mbedtls_x509_crt* last = &roots_;
  for (size_t count = 1; !certificates.empty(); ++count) {
    int failed = mbedtls_x509_crt_parse_der(&roots_, certificates.data(), certificates.size());
    if (failed == MBEDTLS_ERR_X509_ALLOC_FAILED)
      return Error{Errc::NoMemory, "no memory for the trusted certificates"};
    if (failed)
      return Error{Errc::Invalid, cat("trusted certificate ", count, " that hawser-pack added cannot "
                                      "be read (mbedTLS -0x", hex(unsigned(-failed)), ")")};
    if (last->next) last = last->next;
    certificates = certificates.subspan(last->raw.len);
  }
  return ok_status();
}

bool Trust::names(const mbedtls_x509_crt& certificate) const {
  if (fingerprints_.empty()) return false;
  auto fingerprint = digest_of(DigestKind::Sha256, contents_of(certificate.raw));
  Bytes rest = fingerprints_;
  for (; rest.size() >= kFingerprintBytes; rest = rest.subspan(kFingerprintBytes))
    if (std::equal(fingerprint.begin(), fingerprint.end(), rest.begin())) return true;
  return false;
}

int Trust::find_issuers(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found) {
  const Trust& trust = *static_cast<Trust*>(self);
  CertificateList list;
  if (trust.has_fingerprints()) {
    for (auto* sent = child; sent; sent = sent->next)
      if (same_bytes(sent->subject_raw, child->issuer_raw) && trust.names(*sent) &&
          !list.add(contents_of(sent->raw)))
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
  } else if (trust.roots_.raw.len > 0) {
    for (auto* root = &trust.roots_; root; root = root->next)
      if (same_bytes(root->subject_raw, child->issuer_raw) && !list.add(contents_of(root->raw)))
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
  } else {
    for (const auto& der : roots_named(contents_of(child->issuer_raw)))
      if (!list.add(der)) return MBEDTLS_ERR_X509_ALLOC_FAILED;
  }
  *found = list.release();
  return 0;
}

}  // namespace hawser::tls
