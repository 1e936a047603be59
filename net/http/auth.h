// Answers to a server's or a proxy's question who we are: Basic (RFC 7617), Digest (RFC 7616). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/crypto/digest.h"

namespace hawser::http {

/// A Digest challenge (RFC 7616 §3.3).
struct DigestChallenge {
  DigestKind kind = DigestKind::Md5;
  std::string realm, nonce, opaque, algorithm;  ///< `algorithm` as sent; empty: was not sent
  bool session = false;  ///< algorithm "...-sess"
  bool qop = false;      ///< knows qop=auth; false: RFC 2069's way
  bool stale = false, hash_user = false;
};

/// The strongest Digest challenge that we can answer, of the value of WWW-Authenticate or
/// Proxy-Authenticate, which may have several of any scheme. Nothing: there is none.
std::optional<DigestChallenge> find_digest(std::string_view challenges);

/// The proof that we know the password (RFC 7616 §3.4.1). `count` has 8 hex digits; `target` is as in
/// the request line.
std::string digest_response(const DigestChallenge& challenge, std::string_view user,
                            std::string_view password, std::string_view method,
                            std::string_view target, std::string_view count,
                            std::string_view client_nonce);

/// One user at one server or proxy.
class Authentication {
 public:
  Authentication() = default;
  /// "user:password"; empty: nobody. Basic is answered before anybody asks.
  explicit Authentication(std::string_view credentials);

  bool has_credentials() const { return known_; }
  /// After a 401 or 407: true if asking again can help, with what answer() then gives.
  bool on_challenge(std::string_view challenges);
  /// The value of Authorization or Proxy-Authorization for the next request; empty: none. `target`
  /// is as in the request line, `random` new each time.
  std::string answer(std::string_view method, std::string_view target, uint64_t random);

 private:
  std::string digest_answer(std::string_view method, std::string_view target);

  std::string user_, password_;
  bool known_ = false;
  std::optional<DigestChallenge> challenge_;
  std::string client_nonce_;
  uint32_t count_ = 0;       ///< requests with this nonce
  unsigned challenges_ = 0;  ///< so far
};

}  // namespace hawser::http
