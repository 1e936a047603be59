// Which certificate authorities are believed.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "mbedtls/x509_crt.h"
#include "net/tls/certificate.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// Roots: those that fingerprints name; without any, those that were packed into the artifact;
/// without any, the self-signed ones that the user stored, and the built-in ones. A fingerprint is
/// that of an authority which is stored or which the server sends along, or of the server's own
/// certificate sent alone. The other stored certificates complete chains.
class Trust {
 public:
  /// Besides those that servers send.
  struct Stored {
    Certificate certificate;
    bool by_user = false;  ///< or else fetched because a server did not send it
  };
  static constexpr size_t kMostStored = 64;
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

  /// Keeps a copy. Those that were fetched make room for new ones. True when it is a new one.
  /// Errors: Invalid (no certificate), NoSpace, NoMemory.
  Result<bool> store(Bytes der, bool by_user);
  /// Forgets those with this common name, or all when it is empty: how many there were.
  size_t forget(std::string_view name);
  const std::vector<std::unique_ptr<Stored>>& stored() const { return stored_; }
  const mbedtls_x509_crt& roots() const { return roots_; }
  /// Whether a stored certificate is a root now.
  bool is_root(const Stored& stored) const;
  /// Whether a server's own certificate needs no issuer: it has the fingerprint, or is stored.
  bool trusts_alone(const mbedtls_x509_crt& certificate) const;

  /// For mbedtls_ssl_conf_ca_cb(): those trusted certificates whose subject is the issuer of `child`,
  /// which is one of the chain that the server sent. The list becomes mbedTLS's. Stored ones that are
  /// not trusted are put into the chain, behind `child`.
  static int find_issuers(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found);

 private:
  bool add_stored(mbedtls_x509_crt& child) const;

  std::vector<uint8_t> fingerprints_;
  mbedtls_x509_crt roots_;  ///< packed ones; the first is empty when there are none
  std::vector<std::unique_ptr<Stored>> stored_;
};

}  // namespace hawser::tls
