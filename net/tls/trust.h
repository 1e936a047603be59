// Which certificate authorities are believed.
#pragma once

#include <vector>

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// Roots: those that fingerprints name; without any, those that were packed into the artifact;
/// without any, the built-in ones. A fingerprint is that of an authority which the server sends along,
/// or of the server's own certificate sent alone.
class Trust {
 public:
  static constexpr size_t kFingerprintBytes = 32;  ///< SHA-256 of the certificate, DER

  Trust() { mbedtls_x509_crt_init(&roots_); }
  ~Trust() { mbedtls_x509_crt_free(&roots_); }
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  /// Certificates (DER) one after another, copied, in place of the built-in roots; empty: these.
  /// Errors: Invalid (one cannot be read; the text says which), NoMemory.
  Status set_roots(Bytes certificates);
  /// Several fingerprints one after the other; what is left over of the last one is ignored.
  /// Empty: the built-in roots.
  void set_fingerprints(Bytes fingerprints);
  bool has_fingerprints() const { return !fingerprints_.empty(); }
  /// One of the fingerprints is that of this certificate.
  bool names(const mbedtls_x509_crt& certificate) const;

  /// For mbedtls_ssl_conf_ca_cb(): those trusted certificates whose subject is the issuer of `child`,
  /// which is one of the chain that the server sent. The list becomes mbedTLS's.
  static int find_issuers(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found);

 private:
  std::vector<uint8_t> fingerprints_;
  mbedtls_x509_crt roots_;  ///< packed ones; the first is empty when there are none
};

inline Bytes contents_of(const mbedtls_x509_buf& buf) { return {buf.p, buf.len}; }
bool same_bytes(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b);

}  // namespace hawser::tls
