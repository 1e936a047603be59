// What is wrong with a server's certificates, in words. mbedTLS builds and checks the chain
// (RFC 5280 §6); this adds IP addresses and pinned leaves, and finds out the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mbedtls/x509_crt.h"
#include "net/tls/trust.h"
#include "src/base/result.h"

namespace hawser::tls {

/// One check of one chain.
class Verification {
 public:
  /// `host`: the name or address that the URI has. Borrows `trust`.
  Verification(std::string_view host, const Trust& trust) : host_(host), trust_(trust) {}

  /// For mbedtls_ssl_set_verify(): mbedTLS calls it for each certificate, the server's own last.
  static int on_certificate(void* self, mbedtls_x509_crt* certificate, int depth, uint32_t* flags);

  /// Certificates were sent: the session is a new one.
  bool was_asked() const { return asked_; }
  /// Why the check failed, given all of mbedTLS's flags. Errors: Access.
  Error failure(uint32_t flags) const;

 private:
  void look_at(mbedtls_x509_crt& certificate, int depth, uint32_t& flags);
  std::string problem(const mbedtls_x509_crt& certificate, int depth, uint32_t flags) const;
  std::string untrusted(const mbedtls_x509_crt& certificate, int depth) const;

  std::string host_;
  const Trust& trust_;
  bool asked_ = false;
  std::string problem_;  ///< the first one found, nearest to the root
};

/// What certificates must have: SHA-2, RSA of 2048 bits or more, P-256 or P-384.
extern const mbedtls_x509_crt_profile kProfile;

}  // namespace hawser::tls
