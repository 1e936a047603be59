#include "net/http/client.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http/download.h"
#include "net/http/issuer.h"
#include "net/http/parts.h"
#include "net/resolver.h"
#include "src/base/format.h"

namespace hawser::http {
namespace {

class HttpFetch final : public Fetch, private Transport, private ConnectionUser {
 public:
  HttpFetch(Sink& sink, const FetchOptions& options, Pool& pool, Issuers issuers)
      : pool_(pool),
        sink_(sink),
        idle_timeout_(options.idle_timeout),
        issuers_(pool, [this](Status found) { issuer_found(std::move(found)); }),
        searches_left_(issuers == Issuers::Fetched ? kMostSearches : 0),
        resolver_(pool.parts().platform),
        download_(*this, sink, options.idle_timeout, options.http),
        timer_(pool.parts().platform,
               [this] {
                 download_.on_deadline(now());
                 update();
               }),
        parts_timer_(pool.parts().platform, [this] {
          if (parts_.empty()) look_at_pace();
          else join_parts();
          share_again();
          if (!has_left()) update();  // else a part's end is awaited
        }) {}
  ~HttpFetch() override { release(false); }
  HttpFetch(const HttpFetch&) = delete;
  HttpFetch& operator=(const HttpFetch&) = delete;

  void begin(const Uri& uri) {
    if (pool_.http().insecure_redirects) download_.allow_insecure_redirects();
    download_.start(uri, now());
    update();
  }

  /// Reads a part for `whole`, which owns this, and will look when bytes begin to come, end or
  /// break off.
  void begin_part(const Uri& uri, const Part& part, HttpFetch& whole) {
    whole_ = &whole;
    download_.start_part(uri, part, now());
    update();
  }

  bool done() const override { return download_.finished(); }
  Status outcome() const override {
    if (download_.state() == Download::State::Done) return ok_status();
    return download_.error();
  }
  const FetchProgress& progress() const override;

 private:
  /// One of the parts that further connections read.
  struct FilePart {
    uint64_t first;
    PartSink sink;
    std::unique_ptr<HttpFetch> fetch;
  };

  Millis now() { return pool_.parts().platform.now(); }

  // --- Transport --------------------------------------------------------------------------------
  Result<Opening> connect(const Server& server, bool fresh) override {
    server_ = server;
    proxy_ = pool_.proxy_for(server);
    if (server.secure) TRY(pool_.tls());  // before anything is sent
    if (!fresh) connection_ = pool_.kept().take(server);
    if (connection_) {
      connection_->set_user(this);
      return Opening::Kept;
    }
    auto known = TRY(
        resolver_.start(proxy_ ? proxy_->server.host : server.host, [this](Result<ip_addr_t> address) { resolved(std::move(address)); }));
    if (!known) return Opening::Resolving;
    TRY(open(*known));
    return Opening::Connecting;
  }
  void send(std::string_view request) override {
    if (connection_) connection_->send(request);
  }
  /// The connection may be what called us: it is destroyed only at the next release.
  void release(bool keep) override {
    resolver_.cancel();
    issuers_.cancel();
    if (!connection_) return;
    if (keep && connection_->usable()) return pool_.kept().keep(std::move(connection_));
    connection_->close();
    retired_ = std::move(connection_);
  }

  Proxy* proxy_for(const Server& server) override { return pool_.proxy_for(server); }
  uint64_t random() override { return pool_.parts().platform.random(); }

  Status open(const ip_addr_t& address) {
    address_ = address;
    std::unique_ptr<tls::Session> tls;
    if (server_.secure)
      tls = TRY(tls::Session::create(*TRY(pool_.tls()), server_.host, server_.port));
    std::unique_ptr<Tunnel> tunnel;
    if (tls && proxy_) tunnel = std::make_unique<Tunnel>(server_, *proxy_, random());
    uint16_t port = proxy_ ? proxy_->server.port : server_.port;
    auto connection = std::make_unique<Connection>(server_, address, port, std::move(tls),
                                                   std::move(tunnel));
    TRY(connection->open(*this));
    connection_ = std::move(connection);
    return ok_status();
  }
  void resolved(Result<ip_addr_t> address) {
    Status opened = address.ok() ? open(*address) : Status{std::move(address).error()};
    if (opened.ok()) download_.on_resolved(now());
    else download_.on_broken(std::move(opened).error(), now());
    update();
  }

  // --- ConnectionUser ---------------------------------------------------------------------------
  void handshake() override {
    download_.on_handshake(now());
    update();
  }
  void connected() override {
    download_.on_connected(now());
    update();
  }
  void data(Bytes bytes) override {
    download_.on_data(bytes, now());
    update();
  }
  void closed() override {
    download_.on_closed(now());
    update();
  }
  void broken(Error why) override {
    if (connection_ && connection_->wants_reconnect()) {
      ip_addr_t address = connection_->address();
      retired_ = std::move(connection_);
      Status opened = open(address);
      if (opened.ok()) return;
      why = std::move(opened).error();
    }
    if (!search_issuer(why)) download_.on_broken(std::move(why), now());
    update();
  }

  // --- certificates that the server does not send -------------------------------------------------
  /// Looks for what the certificates lack, if that is why the connection broke, to try again.
  bool search_issuer(const Error& why) {
    auto missing = connection_ ? connection_->missing_issuer() : std::nullopt;
    if (!missing || searches_left_ == 0 || !issuers_.start(*missing)) return false;
    --searches_left_;
    refusal_ = why;
    retired_ = std::move(connection_);
    download_.on_issuer_missing(now(), IssuerSearch::kLimit + Millis{1'000});
    return true;
  }
  void issuer_found(Status found) {
    Status opened = found.ok() ? open(address_) : Status{found_in_vain(found.error())};
    if (opened.ok()) download_.on_resolved(now());
    else download_.on_broken(std::move(opened).error(), now());
    update();
  }
  Error found_in_vain(const Error& why) const {
    return {refusal_.code, cat(refusal_.text, "; nor could it be fetched: ", why.text)};
  }

  // --- several connections for one file ---------------------------------------------------------
  bool is_reading() const { return download_.state() == Download::State::Receiving; }
  bool has_left() const { return download_.state() == Download::State::Left; }
  void look_at_pace();
  void share_out(const Part& rest);
  void add_part(size_t at, uint64_t first, uint64_t end);
  void join_parts();
  void share_again();

  /// After each event: when to look again, and whether packets are awaited.
  void update() {
    bool anew = download_.starts() != shared_start_;
    if (anew || download_.finished()) parts_.clear();
    bool news = !is_reading() || !std::exchange(seen_reading_, true);
    if (whole_ && news) whole_->parts_timer_.set(now());
    if (has_left()) parts_timer_.set(now());
    if (is_reading() && !std::exchange(watched_, true)) parts_timer_.set(now() + kPace);
    timer_.set(download_.deadline());
    bool idle = download_.finished() || download_.state() == Download::State::Pausing;
    if (idle) activity_.reset();
    else if (!activity_) activity_.emplace(pool_.parts().activity);
  }

  static constexpr unsigned kMostSearches = 8;  ///< as many as there may be in a chain

  Pool& pool_;
  Sink& sink_;
  Millis idle_timeout_;
  Server server_;
  Proxy* proxy_ = nullptr;  ///< of the connection
  ip_addr_t address_{};
  IssuerSearch issuers_;
  unsigned searches_left_;
  Error refusal_{Errc::Access, ""};  ///< of the certificates, before the search
  std::unique_ptr<Connection> connection_, retired_;
  stack::Resolver resolver_;
  Download download_;
  stack::Timer timer_;
  std::optional<stack::Activity> activity_;

  stack::Timer parts_timer_;
  bool watched_ = false;                          ///< parts_timer_ is set to look at the pace
  bool shared_out_ = false;                       ///< once for each file
  uint64_t seen_ = 0;                             ///< bytes when the pace was looked at last
  std::vector<std::unique_ptr<FilePart>> parts_;  ///< in the file's order
  unsigned shared_start_ = 0;                     ///< Download::starts() when they were made
  Part shared_;                                   ///< what they are parts of
  bool shares_again_ = false;                     ///< while no part was refused or broke off
  HttpFetch* whole_ = nullptr;                    ///< set in a part
  bool seen_reading_ = false;
  mutable FetchProgress progress_;
};

const FetchProgress& HttpFetch::progress() const {
  if (parts_.empty()) return download_.progress();
  progress_ = download_.progress();
  for (const auto& part : parts_) progress_.received += part->sink.arrived().size();
  return progress_;
}

/// Every kPace while bytes come. Two more seconds at this pace are worth the trouble.
void HttpFetch::look_at_pace() {
  watched_ = false;
  uint64_t received = download_.progress().received;
  uint64_t news = received - std::exchange(seen_, received);  // huge when it is read anew
  auto rest = download_.rest();
  if (!rest || shared_out_ || news >= kFastEnough) return;
  uint64_t left = rest->total - rest->first;
  if (left >= kLeastRest && left / 2 >= news) share_out(*rest);
}

/// Asks for the later parts of the rest on further connections, if the server is far.
void HttpFetch::share_out(const Part& rest) {
  bool far = connection_ && connection_->round_trip() >= kFarRoundTrip_ms;
  MutBytes memory = sink_.memory();
  if (!far || memory.size() != rest.total) return;
  shared_out_ = shares_again_ = true;
  shared_start_ = download_.starts();
  shared_ = rest;
  unsigned connections = pool_.http().connections;
  uint64_t length = (rest.total - rest.first) / connections;
  for (unsigned i = 1; i < connections; ++i) {
    uint64_t first = rest.first + i * length;
    add_part(parts_.size(), first, i + 1 < connections ? first + length : rest.total);
  }
}

/// `at`: among the parts.
void HttpFetch::add_part(size_t at, uint64_t first, uint64_t end) {
  MutBytes place = sink_.memory().subspan(first, end - first);
  auto part = std::make_unique<FilePart>(FilePart{first, PartSink(place), nullptr});
  part->fetch =
      std::make_unique<HttpFetch>(part->sink, FetchOptions{idle_timeout_}, pool_, Issuers::Fetched);
  HttpFetch& fetch = *part->fetch;
  parts_.insert(parts_.begin() + std::ptrdiff_t(at), std::move(part));
  fetch.begin_part(download_.source(), {first, end - 1, shared_.total, shared_.validator}, *this);
}

/// When a connection is done, another one reads half of the largest piece that is left.
void HttpFetch::share_again() {
  if (parts_.empty()) return;
  uint64_t most = is_reading() ? parts_.front()->first - download_.progress().received : 0;
  FilePart* from = nullptr;  // else from the first connection
  size_t at = 0;
  unsigned busy = has_left() ? 0 : 1;
  for (size_t i = 0; i < parts_.size(); ++i) {
    FilePart& part = *parts_[i];
    uint64_t missing = part.sink.missing();
    if (missing > 0) ++busy;
    if (missing > 0 && part.fetch->done()) shares_again_ = false;  // the server has had enough
    if (!part.fetch->is_reading() || missing <= most) continue;
    most = missing;
    from = &part;
    at = i + 1;
  }
  if (!shares_again_ || busy >= pool_.http().connections || most < kLeastShare) return;
  uint64_t end = from ? from->first + from->sink.size() : parts_.front()->first;
  uint64_t middle = end - most / 2;
  if (from) from->sink.cut(most / 2);
  if (from) from->fetch->download_.stop_at(middle);
  add_part(at, middle, end);
}

/// Parts join the file in its order, when the first connection has got to them. It reads by itself
/// what had not begun to arrive by then, and what breaks off.
void HttpFetch::join_parts() {
  for (; !parts_.empty(); parts_.erase(parts_.begin()), download_.stop_at({})) {
    FilePart& part = *parts_.front();
    bool whole = part.sink.whole();
    if (has_left()) {
      if (part.fetch->is_reading() && !whole) return;
      download_.take(part.sink.arrived());
      if (!whole) download_.go_on(now());
      shares_again_ &= whole;
    } else if (download_.progress().received <= part.first && (whole || !part.fetch->done())) {
      if (!part.sink.arrived().empty()) download_.stop_at(part.first);
      return;
    } else {
      shares_again_ = false;
    }
  }
}

}  // namespace

Result<tls::Context*> Pool::tls() {
  if (!tls_) {
    auto context = TRY(tls::Context::create(parts_.platform));
    TRY(context->set_roots(roots_));
    context->set_trust(trust_);
    tls_ = std::move(context);
  }
  if (identity_changed_) TRY(tls_->set_identity(certificates_, key_));
  identity_changed_ = false;
  return tls_.get();
}

Status Pool::set_http(const HttpSettings& settings) {
  if (settings.connections < 1 || settings.connections > 8)
    return Error{Errc::Invalid, cat("http-connections ", settings.connections, ": 1 to 8")};
  Proxy proxy;
  if (!settings.proxy.empty()) {
    auto uri = parse_uri(settings.proxy);
    if (!uri.ok() || uri->scheme != "http" || uri->host.empty())
      return Error{Errc::Invalid, cat("proxy \"", printable(settings.proxy, 80),
                                      "\": wanted http://[user:password@]host:port")};
    proxy.server = server_of(*uri);
    if (!uri->user.empty() || !uri->password.empty())
      proxy.auth = Authentication(cat(uri->user, ":", uri->password));
  }
  proxy_ = std::move(proxy);
  http_ = settings;
  kept_.drop_all();
  return ok_status();
}

Proxy* Pool::proxy_for(const Server& server) {
  return proxy_.server.host.empty() || is_listed(server.host, http_.no_proxy) ? nullptr : &proxy_;
}

void Pool::set_identity(Bytes certificates, Bytes key) {
  certificates_.assign(certificates.begin(), certificates.end());
  key_.assign(key.begin(), key.end());
  identity_changed_ = true;
  kept_.drop_all();
}

void Pool::certificates_changed() {
  kept_.drop_all();
  if (tls_) tls_->forget_sessions();
}

void Pool::set_trust(Bytes fingerprints) {
  trust_.assign(fingerprints.begin(), fingerprints.end());
  kept_.drop_all();
  if (tls_) tls_->set_trust(trust_);
}

std::unique_ptr<Fetch> start_fetch(const Uri& uri, Sink& sink, const FetchOptions& options,
                                   Pool& pool, Issuers issuers) {
  auto fetch = std::make_unique<HttpFetch>(sink, options, pool, issuers);
  fetch->begin(uri);
  return fetch;
}

}  // namespace hawser::http
