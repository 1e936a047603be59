// The proxy that HTTP requests may go through, and the way through it to a TLS server. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http/auth.h"
#include "net/http/request.h"
#include "net/http/response.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::http {

struct Proxy {
  Server server;
  Authentication auth;
};

/// True if `list` (names and addresses, with commas or blanks between them) has `host` or a domain
/// above it; "*" is every host.
bool is_listed(std::string_view host, std::string_view list);

/// What to do about a 407; nothing for any other status.
std::string proxy_advice(int status, const Authentication& auth);

/// What CONNECT (RFC 9110 §9.3.6) says and hears, on a TCP connection to the proxy.
///   request() --> receive() ... --> Open | AskAgain --> request() | Reconnect
class Tunnel : private ResponseHandler {
 public:
  enum class Next : uint8_t {
    Wait,       ///< for more bytes
    Open,       ///< from now on the bytes are the server's
    AskAgain,   ///< send request() once more: the proxy wants to know who we are
    Reconnect,  ///< the same, over a new connection
  };

  /// Borrows `proxy`. `random` is new for each connection.
  Tunnel(const Server& server, Proxy& proxy, uint64_t random)
      : server_(server), proxy_(proxy), random_(random) {}

  std::string request();
  /// Errors: what the proxy says (Access, NotPermitted, NotFound, Io), Protocol.
  Result<Next> receive(Bytes bytes);
  /// The last answer of receive() was Reconnect.
  bool wants_reconnect() const { return reconnect_; }

 private:
  Status on_head(const Head& head) override;
  Status on_body(Bytes bytes) override;

  Server server_;
  Proxy& proxy_;
  uint64_t random_;
  std::optional<ResponseReader> reader_;
  bool open_ = false, reconnect_ = false;
  size_t discarded_ = 0;
};

}  // namespace hawser::http
