// Which certificate authorities are believed.
#pragma once

#include <vector>

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"

namespace hawser::tls {

/// Roots: the built-in ones, or those that fingerprints name, instead of them. A fingerprint is that
/// of an authority which the server sends along, or of the server's own certificate sent alone.
class Trust {
 public:
  static constexpr size_t kFingerprintBytes = 32;  ///< SHA-256 of the certificate, DER

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
};

inline Bytes contents_of(const mbedtls_x509_buf& buf) { return {buf.p, buf.len}; }
bool same_bytes(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b);

}  // namespace hawser::tls
