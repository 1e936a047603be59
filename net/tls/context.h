// What all TLS connections share: mbedTLS's configuration, whom to trust, and sessions to resume.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mbedtls/ssl.h"
#include "net/tls/trust.h"
#include "src/base/result.h"
#include "src/platform.h"

namespace hawser::tls {

class Context {
 public:
  static constexpr size_t kMostSessions = 8;

  /// Borrows `platform` for good. Errors: Unsupported (no random numbers), NoMemory.
  static Result<std::unique_ptr<Context>> create(Platform& platform);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const mbedtls_ssl_config& config() const { return config_; }
  Trust& trust() { return trust_; }
  /// As Trust::set_fingerprints(); sessions from before are forgotten, as they skip the check.
  void set_trust(Bytes fingerprints);
  /// As Trust::set_roots(), before the first session.
  Status set_roots(Bytes certificates) { return trust_.set_roots(certificates); }

  /// Who we are for servers that ask: the certificate and those above it (DER, one after another),
  /// and its key (DER). Both empty: nobody. Copied. Sessions are forgotten.
  /// Errors: Invalid (one cannot be read, or they are no pair), NoMemory.
  Status set_identity(Bytes certificates, Bytes key);
  /// The certificate of set_identity(), empty without one.
  const mbedtls_x509_crt& identity() const { return identity_->chain.crt; }
  void forget_sessions();

  /// Keeps the session that `ssl` has with `server` ("host:port"), for a short handshake next time.
  void save_session(std::string_view server, const mbedtls_ssl_context& ssl);
  void forget_session(std::string_view server);
  /// Gives `ssl` the session saved last for `server`, if there is one.
  void offer_session(std::string_view server, mbedtls_ssl_context& ssl) const;

 private:
  explicit Context(Platform& platform);
  Status configure();

  struct Saved;
  struct Identity {
    Identity() { mbedtls_pk_init(&key); }
    ~Identity() { mbedtls_pk_free(&key); }
    Identity(const Identity&) = delete;
    Certificate chain;
    mbedtls_pk_context key;
  };
  Platform& platform_;
  mbedtls_ssl_config config_;
  Trust trust_;
  std::unique_ptr<Identity> identity_ = std::make_unique<Identity>();
  std::vector<std::unique_ptr<Saved>> saved_;  ///< oldest first
};

}  // namespace hawser::tls
