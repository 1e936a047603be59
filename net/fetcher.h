// Downloads by URI scheme: the one Fetcher that commands use, over TFTP, HTTP and HTTPS.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "net/stack/activity.h"
#include "src/fetch.h"
#include "src/network.h"
#include "src/platform.h"

namespace hawser {

/// The Fetcher, as the network that owns it sees it.
class NetFetcher : public Fetcher {
 public:
  /// As Network::set_trust().
  virtual void set_trust(Bytes fingerprints) = 0;
  /// As Network::set_roots().
  virtual void set_roots(Bytes certificates) = 0;
  /// As Network::set_http().
  virtual Status set_http(const HttpSettings& settings) = 0;
  /// As Network::check_signature().
  virtual Status check_signature(Bytes data, Bytes signature, std::string_view signer) = 0;
  /// As Network::set_identity().
  virtual void set_identity(Bytes certificates, Bytes key) = 0;
  /// As Network::set_crosscert().
  virtual void set_crosscert(std::string_view uri) = 0;
  /// As Network::certificates().
  virtual Result<std::vector<KnownCertificate>> certificates() = 0;
  /// As Network::store_certificates().
  virtual Status store_certificates(Bytes file, std::string_view name) = 0;
  /// As Network::forget_certificates().
  virtual Result<size_t> forget_certificates(std::string_view name) = 0;
};

/// lwIP is set up already. Borrows both, which outlive the Fetcher; each Fetch in turn must be gone
/// before the Fetcher. Destroying the Fetcher closes kept HTTP connections.
std::unique_ptr<NetFetcher> make_fetcher(Platform& platform, stack::ActivityCount& activity);

}  // namespace hawser
