// HTTP and HTTPS downloads: a Download over a Connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.h"
#include "net/http/connection.h"
#include "net/http/proxy.h"
#include "net/tls/context.h"
#include "src/fetch.h"
#include "src/network.h"

namespace hawser::http {

/// What downloads share.
class Pool {
 public:
  /// Borrows `parts`.
  explicit Pool(ClientParts& parts) : parts_(parts), kept_(parts.platform) {}

  ClientParts& parts() { return parts_; }
  KeptConnections& kept() { return kept_; }
  /// TLS, set up at its first use. Errors: as tls::Context::create(), tls::Context::set_roots().
  Result<tls::Context*> tls();
  /// As tls::Trust::set_fingerprints(). Connections from before are not used again.
  void set_trust(Bytes fingerprints);
  /// As Network::set_http().
  Status set_http(const HttpSettings& settings);
  const HttpSettings& http() const { return http_; }
  /// nullptr: the server is asked itself. Valid as long as the pool is.
  Proxy* proxy_for(const Server& server);
  /// As tls::Context::set_roots(), before TLS is used first.
  void set_roots(Bytes certificates) { roots_.assign(certificates.begin(), certificates.end()); }
  /// As tls::Context::set_identity(), whose errors show when TLS is used next.
  void set_identity(Bytes certificates, Bytes key);
  /// Where certificates that servers do not send are looked for first; empty: nowhere.
  void set_crosscert(std::string_view uri) { crosscert_ = uri; }
  const std::string& crosscert() const { return crosscert_; }
  /// After certificates were stored or forgotten: connections and sessions from before are dropped.
  void certificates_changed();

 private:
  ClientParts& parts_;
  std::vector<uint8_t> trust_, roots_, certificates_, key_;
  bool identity_changed_ = false;
  std::string crosscert_;
  std::unique_ptr<tls::Context> tls_;  ///< outlives the connections
  KeptConnections kept_;
  HttpSettings http_;
  Proxy proxy_;
};

/// Certificates that servers ought to send and do not.
enum class Issuers : uint8_t { Fetched, AsSent };

/// Starts to read http[s]://[user:password@]host[:port]/path?query. Borrows `sink` and `pool` for
/// the life of the Fetch.
std::unique_ptr<Fetch> start_fetch(const Uri& uri, Sink& sink, const FetchOptions& options,
                                   Pool& pool, Issuers issuers = Issuers::Fetched);

}  // namespace hawser::http
