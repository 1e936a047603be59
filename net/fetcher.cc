#include "net/fetcher.h"

#include <string>

#include "lwip/netif.h"
#include "net/client.h"
#include "net/http/client.h"
#include "net/tftp/client.h"
#include "net/tls/known.h"
#include "net/tls/signature.h"
#include "src/base/format.h"

namespace hawser {
namespace {

/// What the clients share between downloads.
struct Shared {
  ClientParts parts;
  http::Pool http{parts};
};

using Start = Result<std::unique_ptr<Fetch>> (*)(const Uri&, Sink&, const FetchOptions&, Shared&);

Result<std::unique_ptr<Fetch>> start_http(const Uri& uri, Sink& sink, const FetchOptions& options,
                                          Shared& shared) {
  return http::start_fetch(uri, sink, options, shared.http);
}

/// To add a protocol: its client in a folder of its own, and a row here.
struct Scheme {
  std::string_view name;
  Start start;
};
constexpr Scheme kSchemes[] = {
    {"tftp", [](const Uri& uri, Sink& sink, const FetchOptions& options,
                Shared& shared) { return tftp::start_fetch(uri, sink, options, shared.parts); }},
    {"http", start_http},
    {"https", start_http},
};

Error unsupported(std::string_view scheme) {
  std::string names;
  for (const Scheme& row : kSchemes) names += cat(names.empty() ? "" : ", ", row.name, "://");
  if (scheme.empty())
    return {Errc::Invalid, cat("not an absolute URI, which starts with one of: ", names)};
  return {Errc::Unsupported, cat("scheme \"", printable(scheme, 32),
                                 "\" is not supported by this version, which knows: ", names)};
}

bool any_address() {
  for (netif* interface = netif_list; interface; interface = interface->next)
    if (netif_is_up(interface) && !ip4_addr_isany(netif_ip4_addr(interface))) return true;
  return false;
}

class SchemeFetcher final : public NetFetcher {
 public:
  SchemeFetcher(Platform& platform, stack::ActivityCount& activity)
      : shared_{{platform, activity}} {}

  void set_trust(Bytes fingerprints) override { shared_.http.set_trust(fingerprints); }
  void set_roots(Bytes certificates) override { shared_.http.set_roots(certificates); }
  void set_identity(Bytes certificates, Bytes key) override {
    shared_.http.set_identity(certificates, key);
  }
  void set_crosscert(std::string_view uri) override { shared_.http.set_crosscert(uri); }

  Result<std::vector<KnownCertificate>> certificates() override {
    return tls::known_certificates(*TRY(shared_.http.tls()));
  }
  Status store_certificates(Bytes file, std::string_view name) override {
    Status stored = tls::store_certificates(file, name, TRY(shared_.http.tls())->trust());
    shared_.http.certificates_changed();
    return stored;
  }
  Result<size_t> forget_certificates(std::string_view name) override {
    size_t count = TRY(shared_.http.tls())->trust().forget(name);
    shared_.http.certificates_changed();
    return count;
  }

  Status set_http(const HttpSettings& settings) override { return shared_.http.set_http(settings); }
  Status check_signature(Bytes data, Bytes signature, std::string_view signer) override {
    return tls::check_signature(data, signature, signer, TRY(shared_.http.tls())->trust());
  }

  Result<std::unique_ptr<Fetch>> start(const Uri& uri, Sink& sink,
                                       const FetchOptions& options) override {
    for (const Scheme& row : kSchemes) {
      if (row.name != uri.scheme) continue;
      if (uri.host.empty())
        return Error{Errc::Invalid, cat("no host: write ", row.name, "://host/path")};
      if (!any_address())
        return Error{Errc::NotConnected, "no interface has an address; run dhcp first"};
      return row.start(uri, sink, options, shared_);
    }
    return unsupported(uri.scheme);
  }

  std::vector<std::string_view> schemes() const override {
    std::vector<std::string_view> names;
    for (const Scheme& row : kSchemes) names.push_back(row.name);
    return names;
  }

 private:
  Shared shared_;
};

}  // namespace

std::unique_ptr<NetFetcher> make_fetcher(Platform& platform, stack::ActivityCount& activity) {
  return std::make_unique<SchemeFetcher>(platform, activity);
}

}  // namespace hawser
