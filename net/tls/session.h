// One TLS connection as a machine (RFC 8446, RFC 5246): bytes of the wire in, plain bytes out, and
// back. It has no socket and no clock of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mbedtls/ssl.h"
#include "net/tls/context.h"
#include "net/tls/verify.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// The client's end.
///   Handshake --> Open --close_notify--> Ended
///       \-----------\----- any error --> Failed
/// Each call may leave bytes to send in output(). After an error only that is of use (the alert).
class Session {
 public:
  enum class State : uint8_t { Handshake, Open, Ended, Failed };
  /// Gets plain bytes, borrowed; returns false to stop the reading.
  using Plain = std::function<bool(Bytes)>;

  /// Borrows `context`. Errors: NoMemory, Invalid (the name is too long).
  static Result<std::unique_ptr<Session>> create(Context& context, std::string_view host,
                                                 uint16_t port);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Says hello. Errors: NoMemory.
  Status start();
  /// Bytes from the server, cut anywhere. Errors: Access (the certificates, with the reason and what
  /// to do), Protocol (not TLS, nothing in common, a damaged record), Reset (the server gave up),
  /// NoMemory.
  Status receive(Bytes wire, const Plain& plain);
  /// Only while Open. Errors: NoMemory, Protocol.
  Status send(Bytes plain);
  /// Says that no more will come.
  void close();

  State state() const { return state_; }
  /// A session from before was taken up again: no certificates were sent.
  bool resumed() const { return resumed_; }
  /// As Verification::missing_issuer(), once the certificates were refused.
  const std::optional<MissingIssuer>& missing_issuer() const {
    return verification_.missing_issuer();
  }
  /// What is to be sent to the server; the caller takes bytes off it.
  std::string& output() { return output_; }

 private:
  Session(Context& context, std::string_view host, uint16_t port);
  Status prepare();
  template <class Call>
  int until_starved(Call call);
  Status handshake();
  Status read(const Plain& plain);
  Status fail(int code);
  Error in_words(int code) const;
  Error alert_in_words() const;

  static int take_input(void* self, unsigned char* out, size_t bytes);
  static int give_output(void* self, const unsigned char* data, size_t bytes);

  Context& context_;
  std::string host_, server_;
  Verification verification_;
  mbedtls_ssl_context ssl_;
  State state_ = State::Handshake;
  bool resumed_ = false;
  Bytes input_;  ///< what is left of receive()'s bytes
  bool starved_ = false;  ///< mbedTLS asked for more than there was
  std::string first_bytes_;  ///< of the server, to tell TLS from plain HTTP
  std::string output_;
  std::vector<uint8_t> plain_;
};

}  // namespace hawser::tls
