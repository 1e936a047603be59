// What is wrong with a server's certificates, in words. mbedTLS builds and checks the chain
// (RFC 5280 §6); this adds IP addresses, pinned leaves, name constraints and stapled OCSP answers, and
// finds out the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mbedtls/x509_crt.h"
#include "net/tls/name_constraints.h"
#include "net/tls/trust.h"
#include "src/base/result.h"

namespace hawser::tls {

/// The chain ends at a certificate whose issuer is not known.
struct MissingIssuer {
  std::vector<uint8_t> name;      ///< the issuer's, a DER Name
  std::vector<std::string> uris;  ///< of its certificate, as the one below it says; untrusted
};

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
  /// What to fetch, so that the next check may succeed; nothing when that would not help.
  const std::optional<MissingIssuer>& missing_issuer() const { return missing_; }

  /// The OCSP answer that came along with the certificates; copied.
  void take_staple(Bytes response) { staple_.emplace(response.begin(), response.end()); }
  bool has_staple() const { return staple_.has_value(); }
  /// Whether it lets the certificate pass, as does none unless the certificate demands one. To be
  /// asked after the certificates were found good; failure() has the reason. A certificate that is
  /// trusted by itself needs nobody's word.
  bool check_staple();

 private:
  void look_at(mbedtls_x509_crt& certificate, int depth, uint32_t& flags);
  std::string problem(const mbedtls_x509_crt& certificate, int depth, uint32_t flags) const;
  std::string untrusted(const mbedtls_x509_crt& certificate, int depth) const;
  void note_missing_issuer(const mbedtls_x509_crt& certificate);

  std::string host_;
  const Trust& trust_;
  bool asked_ = false;
  NameConstraints constraints_;
  std::string problem_;  ///< the first one found, nearest to the root
  std::optional<MissingIssuer> missing_;
  std::vector<uint8_t> leaf_, issuer_;  ///< DER; empty: not there
  std::optional<std::vector<uint8_t>> staple_;
};

/// What certificates must have: SHA-2, RSA of 2048 bits or more, P-256 or P-384.
extern const mbedtls_x509_crt_profile kProfile;

}  // namespace hawser::tls
