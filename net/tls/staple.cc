// OCSP stapling (RFC 6066 §8, RFC 8446 §4.4.2.1), which mbedTLS 3.6 does not have. The Makefile
// lets the client's part of it call the functions here in place of those that they wrap; the
// Verification of the connection is the user data of its mbedtls_ssl_context.

#include <algorithm>
#include <optional>

#include "mbedtls/ssl.h"
#include "net/tls/verify.h"
#include "src/base/bytes.h"

extern "C" {
// Of mbedTLS, but not in its public headers.
int mbedtls_ssl_write_sig_alg_ext(mbedtls_ssl_context* ssl, unsigned char* at,
                                  const unsigned char* end, size_t* bytes);
uint32_t mbedtls_ssl_get_extension_mask(unsigned type);
int mbedtls_ssl_read_record(mbedtls_ssl_context* ssl, unsigned update_digest);
}

namespace hawser::tls {
namespace {

constexpr uint16_t kStatusRequest = 5, kSupportedGroups = 10;  // ExtensionType
constexpr uint8_t kCertificate = 11, kCertificateStatus = 22;  // HandshakeType
constexpr size_t kHandshakeHeader = 4;
constexpr uint8_t kBadCertificateStatusResponse = 113;  // AlertDescription
/// status_request: type ocsp, no particular responders, no extensions.
constexpr uint8_t kRequest[] = {0, kStatusRequest, 0, 5, 1, 0, 0, 0, 0};

/// Takes a vector whose length is in its first `width` bytes (RFC 8446 §3.4) off `rest`.
std::optional<Bytes> take_vector(Bytes& rest, size_t width) {
  if (rest.size() < width) return std::nullopt;
  size_t length = 0;
  for (uint8_t byte : rest.first(width)) length = length << 8 | byte;
  auto vector = slice(rest, width, length);
  if (vector) rest = rest.subspan(width + length);
  return vector;
}

/// CertificateStatus: an OCSPResponse; empty when it is none.
Bytes response_in(Bytes status) {
  constexpr uint8_t kOcsp = 1;
  if (status.empty() || status[0] != kOcsp) return {};
  status = status.subspan(1);
  return take_vector(status, 3).value_or(Bytes{});
}

/// The CertificateStatus of the first of TLS 1.3's certificates. Malformed ones mbedTLS will
/// refuse.
std::optional<Bytes> status_in(Bytes message) {
  if (!take_vector(message, 1)) return std::nullopt;
  auto list = take_vector(message, 3);
  if (!list || !take_vector(*list, 3)) return std::nullopt;
  auto extensions = take_vector(*list, 2);
  while (extensions) {
    auto type = read_be<uint16_t>(*extensions, 0);
    if (!type) return std::nullopt;
    *extensions = extensions->subspan(2);
    auto data = take_vector(*extensions, 2);
    if (data && *type == kStatusRequest) return data;
    if (!data) return std::nullopt;
  }
  return std::nullopt;
}

/// The message that mbedTLS has just read, without its header; nothing when it is of another type.
std::optional<Bytes> message_of_type(const mbedtls_ssl_context& ssl, uint8_t type) {
  const unsigned char* start = ssl.MBEDTLS_PRIVATE(in_msg);
  size_t bytes = ssl.MBEDTLS_PRIVATE(in_hslen);
  if (ssl.MBEDTLS_PRIVATE(in_msgtype) != MBEDTLS_SSL_MSG_HANDSHAKE || bytes < kHandshakeHeader ||
      start[0] != type)
    return std::nullopt;
  return Bytes{start, bytes}.subspan(kHandshakeHeader);
}

/// The certificates are all there, and mbedTLS has found them good.
int judge(mbedtls_ssl_context& ssl, Verification& verification) {
  if (verification.check_staple()) return 0;
  mbedtls_ssl_send_alert_message(&ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                 kBadCertificateStatusResponse);
  return MBEDTLS_ERR_SSL_BAD_CERTIFICATE;
}

int read_record(mbedtls_ssl_context& ssl, unsigned update_digest) {
  int failed = mbedtls_ssl_read_record(&ssl, update_digest);
  auto* verification = static_cast<Verification*>(mbedtls_ssl_get_user_data_p(&ssl));
  if (failed || !verification) return failed;
  bool is_13 = mbedtls_ssl_get_version_number(&ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
  switch (ssl.MBEDTLS_PRIVATE(state)) {
    case MBEDTLS_SSL_SERVER_CERTIFICATE:
      if (auto message = is_13 ? message_of_type(ssl, kCertificate) : std::nullopt)
        if (auto status = status_in(*message)) verification->take_staple(response_in(*status));
      return 0;
    case MBEDTLS_SSL_SERVER_KEY_EXCHANGE:  // TLS 1.2; one more message may come before
      if (auto status = message_of_type(ssl, kCertificateStatus);
          status && !verification->has_staple()) {
        verification->take_staple(response_in(*status));
        return read_record(ssl, update_digest);
      }
      return judge(ssl, *verification);
    case MBEDTLS_SSL_CERTIFICATE_VERIFY:
      return is_13 ? judge(ssl, *verification) : 0;
    default:
      return 0;
  }
}

}  // namespace
}  // namespace hawser::tls

/// For ssl_client.c, which writes the ClientHello: asks for a staple after signature_algorithms.
extern "C" int hawser_ssl_write_sig_alg_ext(mbedtls_ssl_context* ssl, unsigned char* at,
                                            const unsigned char* end, size_t* bytes) {
  using hawser::tls::kRequest;
  if (int failed = mbedtls_ssl_write_sig_alg_ext(ssl, at, end, bytes)) return failed;
  if (size_t(end - at) - *bytes < sizeof kRequest) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
  std::copy(std::begin(kRequest), std::end(kRequest), at + *bytes);
  *bytes += sizeof kRequest;
  return 0;
}

/// For ssl_client.c, which notes by it what the ClientHello has (supported_groups always): so that
/// TLS 1.3's part accepts the answer.
extern "C" uint32_t hawser_ssl_get_extension_mask(unsigned type) {
  uint32_t mask = mbedtls_ssl_get_extension_mask(type);
  if (type == hawser::tls::kSupportedGroups)
    mask |= mbedtls_ssl_get_extension_mask(hawser::tls::kStatusRequest);
  return mask;
}

/// For ssl_tls12_client.c and ssl_tls13_generic.c.
extern "C" int hawser_ssl_read_record(mbedtls_ssl_context* ssl, unsigned update_digest) {
  return hawser::tls::read_record(*ssl, update_digest);
}
