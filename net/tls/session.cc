#include "net/tls/session.h"

#include <algorithm>
#include <cstring>

#include "net/tls/port/glue.h"
#include "src/base/address.h"
#include "src/base/format.h"

namespace hawser::tls {
namespace {

constexpr size_t kFirstBytes = 5;  // a record's header, or "HTTP/"

struct Reason {
  int code;
  Errc errc;
  std::string_view text;
};
constexpr Reason kReasons[] = {
    {MBEDTLS_ERR_SSL_ALLOC_FAILED, Errc::NoMemory, "no memory for TLS"},
    {MBEDTLS_ERR_X509_ALLOC_FAILED, Errc::NoMemory, "no memory for the server's certificates"},
    {MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE, Errc::Access,
     "a certificate of the server has a critical extension that is not supported"},
    {MBEDTLS_ERR_X509_FATAL_ERROR, Errc::Access, "the server's chain of certificates is too long"},
    {MBEDTLS_ERR_SSL_INVALID_MAC, Errc::Protocol, "a TLS record was changed on its way"},
    {MBEDTLS_ERR_SSL_INVALID_RECORD, Errc::Protocol, "the server sent a malformed TLS record"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, Errc::Protocol, "the server sent TLS messages out of order"},
    {MBEDTLS_ERR_SSL_DECODE_ERROR, Errc::Protocol, "the server sent a malformed TLS message"},
    {MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER, Errc::Protocol,
     "the server chose what TLS forbids; somebody in between may be forcing an older version on it"},
    {MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION, Errc::Protocol,
     "the server speaks neither TLS 1.2 nor TLS 1.3; it needs an update"},
    {MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE, Errc::Protocol,
     "the server sent a TLS message that is too long (its certificates together may have 16 KiB)"},
    {MBEDTLS_ERR_SSL_BAD_INPUT_DATA, Errc::Protocol,
     "the server sent a TLS message that is too long (its certificates together may have 16 KiB)"},
    {MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL, Errc::Protocol, "the server sent a TLS message that is too long"},
    {MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL, Errc::Protocol, "the server does not speak HTTP/1.1"},
};

/// RFC 8446 §6: what the server's alert means for whoever reads it.
struct AlertReason {
  uint8_t alert;
  std::string_view text;
};
constexpr AlertReason kAlerts[] = {
    {MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE,
     "no cipher or key exchange in common (it needs AES-GCM or ChaCha20, with X25519 or P-256)"},
    {MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION, "no TLS version in common (it needs TLS 1.2 or 1.3)"},
    {MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY, "what we offer is too weak for it"},
    {MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME, "it does not know a host of this name"},
    {MBEDTLS_SSL_ALERT_MSG_CERT_REQUIRED, "it asks for a client certificate"},
    {MBEDTLS_SSL_ALERT_MSG_BAD_CERT, "it asks for a client certificate"},
    {MBEDTLS_SSL_ALERT_MSG_ACCESS_DENIED, "access denied"},
    {MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL, "it does not speak HTTP/1.1"},
    {MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR, "it has an error of its own; see its log"},
    {MBEDTLS_SSL_ALERT_MSG_BAD_RECORD_MAC, "a record of ours was changed on its way"},
};

/// mbedTLS adds the code of a lower module to that of the one called.
int upper_module(int code) { return -(-code & 0xff80); }

bool is_x509(int code) { return -code >= 0x2080 && -code < 0x3000; }

}  // namespace

Session::Session(Context& context, std::string_view host, uint16_t port)
    : context_(context),
      host_(host),
      server_(cat(host, ":", port)),
      verification_(host_, context.trust()) {
  mbedtls_ssl_init(&ssl_);
}

Session::~Session() { mbedtls_ssl_free(&ssl_); }

Result<std::unique_ptr<Session>> Session::create(Context& context, std::string_view host,
                                                 uint16_t port) {
  std::unique_ptr<Session> session(new Session(context, host, port));
  TRY(session->prepare());
  return session;
}

Status Session::prepare() {
  int failed = mbedtls_ssl_setup(&ssl_, &context_.config());
  // RFC 6066 §3: an address is no server name; Verification compares it.
  const char* name = parse_ipv4(host_) ? nullptr : host_.c_str();
  if (!failed) failed = mbedtls_ssl_set_hostname(&ssl_, name);
  if (failed == MBEDTLS_ERR_SSL_BAD_INPUT_DATA)
    return Error{Errc::Invalid, "the host name is too long for TLS"};
  if (failed) return in_words(failed);
  mbedtls_ssl_set_bio(&ssl_, this, give_output, take_input, nullptr);
  mbedtls_ssl_set_verify(&ssl_, Verification::on_certificate, &verification_);
  mbedtls_ssl_set_user_data_p(&ssl_, &verification_);  // for staple.cc
  context_.offer_session(server_, ssl_);
  return ok_status();
}

int Session::take_input(void* self, unsigned char* out, size_t bytes) {
  Bytes& input = static_cast<Session*>(self)->input_;
  static_cast<Session*>(self)->starved_ = input.empty();
  if (input.empty()) return MBEDTLS_ERR_SSL_WANT_READ;
  size_t part = std::min(bytes, input.size());
  std::memcpy(out, input.data(), part);
  input = input.subspan(part);
  return int(part);
}

int Session::give_output(void* self, const unsigned char* data, size_t bytes) {
  static_cast<Session*>(self)->output_.append(reinterpret_cast<const char*>(data), bytes);
  return int(bytes);
}

Status Session::start() { return handshake(); }

Status Session::receive(Bytes wire, const Plain& plain) {
  if (state_ == State::Failed || state_ == State::Ended) return ok_status();
  if (first_bytes_.size() < kFirstBytes)
    first_bytes_.append(text_of(wire).substr(0, kFirstBytes - first_bytes_.size()));
  input_ = wire;
  Status status = state_ == State::Handshake ? handshake() : ok_status();
  if (status.ok() && state_ == State::Open) status = read(plain);
  input_ = {};
  return status;
}

/// mbedTLS also asks to be called again after a message that was not for the caller: only when it
/// found the input empty is there nothing more to do.
template <class Call>
int Session::until_starved(Call call) {
  int code;
  do {
    starved_ = false;
    code = call();
  } while (code == MBEDTLS_ERR_SSL_WANT_READ && !starved_);
  return code;
}

Status Session::handshake() {
  int code = until_starved([this] { return mbedtls_ssl_handshake(&ssl_); });
  if (code == MBEDTLS_ERR_SSL_WANT_READ) return ok_status();
  if (code != 0) return fail(code);
  state_ = State::Open;
  resumed_ = !verification_.was_asked();
  plain_.resize(MBEDTLS_SSL_IN_CONTENT_LEN);
  // TLS 1.2 has its ticket by now; that of TLS 1.3 comes with the data.
  if (mbedtls_ssl_get_version_number(&ssl_) == MBEDTLS_SSL_VERSION_TLS1_2)
    context_.save_session(server_, ssl_);
  return ok_status();
}

Status Session::read(const Plain& plain) {
  for (;;) {
    int code = until_starved(
        [this] { return mbedtls_ssl_read(&ssl_, plain_.data(), plain_.size()); });
    if (code > 0) {
      if (!plain(Bytes{plain_}.first(size_t(code)))) return ok_status();
    } else if (code == MBEDTLS_ERR_SSL_WANT_READ) {
      return ok_status();
    } else if (code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
      context_.save_session(server_, ssl_);
    } else if (code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || code == 0) {
      state_ = State::Ended;
      return ok_status();
    } else {
      return fail(code);
    }
  }
}

Status Session::send(Bytes plain) {
  while (!plain.empty()) {
    int code = mbedtls_ssl_write(&ssl_, plain.data(), plain.size());
    if (code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) continue;
    if (code <= 0) return fail(code);
    plain = plain.subspan(size_t(code));
  }
  return ok_status();
}

void Session::close() {
  if (state_ == State::Open) mbedtls_ssl_close_notify(&ssl_);
}

Status Session::fail(int code) {
  // A server that was changed may refuse an old session, and its version of TLS with it.
  if (state_ == State::Handshake) context_.forget_session(server_);
  state_ = State::Failed;
  return in_words(code);
}

Error Session::in_words(int code) const {
  int upper = upper_module(code);
  if (upper == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) return alert_in_words();
  bool checked = upper == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED ||
                 (upper == MBEDTLS_ERR_SSL_BAD_CERTIFICATE && verification_.was_asked());
  if (checked) return verification_.failure(mbedtls_ssl_get_verify_result(&ssl_));
  if (first_bytes_ == "HTTP/")
    return {Errc::Protocol, "the server answers with plain HTTP on this port; use http://"};
  for (const Reason& reason : kReasons)
    if (reason.code == upper) return {reason.errc, std::string(reason.text)};
  std::string number = cat(" (mbedTLS -0x", hex(uint64_t(-code), 4), ")");
  if (is_x509(upper))
    return {Errc::Access, cat("a certificate of the server cannot be read", number)};
  return {Errc::Protocol, cat(state_ == State::Open ? "TLS failed" : "the TLS handshake failed", number)};
}

Error Session::alert_in_words() const {
  uint8_t alert = ssl_.MBEDTLS_PRIVATE(in_msg)[1];  // there is no other way to learn it
  std::string text = "the server refuses TLS: ";
  for (const AlertReason& row : kAlerts)
    if (row.alert == alert) return {Errc::Reset, text.append(row.text)};
  return {Errc::Reset, cat(text, "alert ", alert)};
}

}  // namespace hawser::tls
