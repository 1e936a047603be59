// Reading certificates (RFC 5280): files of several of them, and extensions that mbedTLS passes over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// A certificate that is freed with its owner.
struct Certificate {
  Certificate() { mbedtls_x509_crt_init(&crt); }
  ~Certificate() { mbedtls_x509_crt_free(&crt); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  mbedtls_x509_crt crt;
};

inline Bytes contents_of(const mbedtls_x509_buf& buf) { return {buf.p, buf.len}; }
bool same_bytes(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b);
bool is_self_issued(const mbedtls_x509_crt& certificate);
/// The last common name in the subject, else its last part; not for printing as it is.
std::string common_name(const mbedtls_x509_name& subject);

/// Adds a copy of the certificate at the start of `der` to the end of `chain`. Name constraints may
/// be critical: Verification knows them. 0, or an error of mbedTLS.
int add_certificate(mbedtls_x509_crt& chain, Bytes der);

/// The certificates of a file, each as DER: PEM (RFC 7468), DER one after another, or CMS without
/// signers (RFC 5280 §4.2.2.1). Errors: Invalid (none of these).
Result<std::vector<std::vector<uint8_t>>> split_certificates(Bytes file);

/// Takes one DER element with this tag off `rest`: its contents. Nothing when it has another tag or
/// does not fit.
std::optional<Bytes> take_der(Bytes& rest, int tag);
/// The same with its header.
std::optional<Bytes> take_whole_der(Bytes& rest, int tag);

/// The value of an extension, whose identifier is the contents of a DER OBJECT IDENTIFIER.
std::optional<Bytes> extension(const mbedtls_x509_crt& certificate, Bytes identifier);

/// Where the issuer's certificate can be had: the http:// URIs of its authorityInfoAccess
/// (RFC 5280 §4.2.2.1), four at most.
std::vector<std::string> issuer_uris(const mbedtls_x509_crt& certificate);

}  // namespace hawser::tls
