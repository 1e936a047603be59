// Answers about the revocation of a certificate (OCSP, RFC 6960), which servers staple to theirs.
#pragma once

#include "mbedtls/x509_crt.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// The clocks of the machine and of who answers may differ by as much, in seconds.
inline constexpr int64_t kOcspSlack_s = 600;
/// How long an answer holds that does not say until when, in seconds.
inline constexpr int64_t kOcspLongest_s = int64_t{7} * 86400;

/// Whether `response` (a DER OCSPResponse) says, now, that `certificate` is good. `issuer` is the
/// certificate above it, which vouches for the answer: by its own key, or by the certificate of a
/// responder that it has issued for this purpose (RFC 6960 §4.2.2.2).
/// Errors: Access (revoked, with date and reason; not known; too old or too new, with both dates; not
/// about this certificate; not signed by who has to; no answer but an error; malformed).
Status check_ocsp(Bytes response, const mbedtls_x509_crt& certificate, mbedtls_x509_crt& issuer);

/// Whether the certificate may only be shown with such an answer (RFC 7633, "must staple").
bool needs_ocsp(const mbedtls_x509_crt& certificate);

}  // namespace hawser::tls
