// Which names an authority may issue certificates for (RFC 5280 §4.2.1.10). mbedTLS does not look.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"

namespace hawser::tls {

/// The constraints of the authorities of one chain.
class NameConstraints {
 public:
  /// Comparisons of one chain; an authority that needs more is refused.
  static constexpr size_t kMostComparisons = 1u << 18;

  /// Takes over those of an authority, which hold for all certificates below it.
  void add(const mbedtls_x509_crt& authority);
  /// Why a certificate below the authorities is not allowed, for its names (subject and
  /// subjectAltName) or for `host`, the one it is used for (empty: none); empty: it is allowed.
  /// DNS names, addresses and directory names are compared; other kinds that are constrained are
  /// not allowed at all.
  std::string problem(const mbedtls_x509_crt& certificate, std::string_view host);

 private:
  struct Constrained {
    std::string authority;
    std::vector<uint8_t> value;  ///< of the extension
  };
  std::string problem(const Constrained& constrained, int tag, Bytes name);

  std::vector<Constrained> all_;
  size_t comparisons_ = 0;
};

}  // namespace hawser::tls
