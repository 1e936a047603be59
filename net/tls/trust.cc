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
    return add_certificate(*first_, der) == 0;
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

void Trust::set_fingerprints(Bytes fingerprints) {
  fingerprints_.assign(fingerprints.begin(), fingerprints.end());
}

Status Trust::set_roots(Bytes certificates) {
  mbedtls_x509_crt_free(&roots_);
  mbedtls_x509_crt_init(&roots_);
  mbedtls_x509_crt* last = &roots_;
  for (size_t count = 1; !certificates.empty(); ++count) {
    int failed = add_certificate(roots_, certificates);
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

Result<bool> Trust::store(Bytes der, bool by_user) {
  auto made = std::make_unique<Stored>();
  int failed = add_certificate(made->certificate.crt, der);
  if (failed == MBEDTLS_ERR_X509_ALLOC_FAILED)
    return Error{Errc::NoMemory, "no memory for a certificate"};
  if (failed)
    return Error{Errc::Invalid, cat("a certificate that cannot be read (mbedTLS -0x",
                                    hex(unsigned(-failed)), ")")};
  made->by_user = by_user;
  for (auto& stored : stored_) {
    if (!same_bytes(stored->certificate.crt.raw, made->certificate.crt.raw)) continue;
    stored->by_user |= by_user;
    return false;
  }
  if (stored_.size() >= kMostStored) {
    auto fetched =
        std::ranges::find_if(stored_, [](const auto& stored) { return !stored->by_user; });
    if (fetched == stored_.end())
      return Error{Errc::NoSpace, cat(kMostStored, " certificates are stored already; see certfree")};
    stored_.erase(fetched);
  }
  stored_.push_back(std::move(made));
  return true;
}

size_t Trust::forget(std::string_view name) {
  return std::erase_if(stored_, [&](const auto& stored) {
    return name.empty() || common_name(stored->certificate.crt.subject) == name;
  });
}

bool Trust::is_root(const Stored& stored) const {
  if (has_fingerprints()) return names(stored.certificate.crt);
  return roots_.raw.len == 0 && stored.by_user && is_self_issued(stored.certificate.crt);
}

bool Trust::trusts_alone(const mbedtls_x509_crt& certificate) const {
  return names(certificate) || std::ranges::any_of(stored_, [&](const auto& stored) {
           return is_root(*stored) && same_bytes(stored->certificate.crt.raw, certificate.raw);
         });
}

/// mbedTLS looks for issuers among the certificates behind `child`, in their order. False without
/// memory.
bool Trust::add_stored(mbedtls_x509_crt& child) const {
  for (const auto& stored : stored_) {
    const mbedtls_x509_crt& crt = stored->certificate.crt;
    if (!same_bytes(crt.subject_raw, child.issuer_raw)) continue;
    bool there = false;
    for (auto* sent = &child; sent; sent = sent->next) there |= same_bytes(sent->raw, crt.raw);
    if (there) continue;
    CertificateList one;
    if (!one.add(contents_of(crt.raw))) return false;
    mbedtls_x509_crt* added = one.release();
    added->next = child.next;
    child.next = added;
  }
  return true;
}

int Trust::find_issuers(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found) {
  const Trust& trust = *static_cast<Trust*>(self);
  CertificateList list;
  if (!trust.add_stored(const_cast<mbedtls_x509_crt&>(*child))) return MBEDTLS_ERR_X509_ALLOC_FAILED;
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
    for (const auto& stored : trust.stored_)
      if (trust.is_root(*stored) &&
          same_bytes(stored->certificate.crt.subject_raw, child->issuer_raw) &&
          !list.add(contents_of(stored->certificate.crt.raw)))
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
    for (const Der& der : roots_above(*child))
      if (!list.add(der)) return MBEDTLS_ERR_X509_ALLOC_FAILED;
  }
  *found = list.release();
  return 0;
}

}  // namespace hawser::tls
