#include "net/tftp/client.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/udp.h"
#include "net/resolver.h"
#include "net/tftp/read_transfer.h"
#include "net/timer.h"
#include "src/base/format.h"

namespace hawser::tftp {
namespace {

constexpr uint16_t kHeaderBytes = 20 + 8 + 4;  ///< IPv4, UDP and TFTP's own
constexpr uint16_t kLeastMtu = 576;            ///< RFC 791; below it an interface tells nonsense

class TftpFetch final : public Fetch, private Wire {
 public:
  TftpFetch(const Uri& uri, Sink& sink, const FetchOptions& options, ClientParts& parts)
      : parts_(parts),
        sink_(sink),
        host_(uri.host),
        path_(percent_decode(uri.path)),
        resolver_(parts.platform),
        timer_(parts.platform, [this] { on_deadline(); }),
        activity_(stack::Activity(parts.activity)) {
    if (path_.starts_with('/')) path_.erase(0, 1);
    if (uri.port) limits_.port = *uri.port;
    if (options.idle_timeout.ms > 0) limits_.idle = options.idle_timeout;
  }
  ~TftpFetch() override {
    if (transfer_) transfer_->cancel();
    close();
  }
  TftpFetch(const TftpFetch&) = delete;
  TftpFetch& operator=(const TftpFetch&) = delete;

  Status begin() {
    auto known = TRY(resolver_.start(host_, [this](Result<ip_addr_t> address) {
      Status begun = address.ok() ? request(*address) : Status{std::move(address).error()};
      if (!begun.ok()) finish(std::move(begun));
    }));
    if (known) return request(*known);
    progress_.note = cat("resolving ", printable(host_, 80));
    return ok_status();
  }

  bool done() const override { return outcome_.has_value(); }
  Status outcome() const override { return *outcome_; }
  const FetchProgress& progress() const override { return progress_; }

 private:
  Status request(const ip_addr_t& server) {
    server_ = server;
    netif* way = ip_route(IP4_ADDR_ANY, &server_);
    if (!way)
      return Error{Errc::Unreachable,
                   cat("no route to ", stack::to_string(server_), "; is a gateway set?")};
    limits_.block_bytes = uint16_t(std::max(way->mtu, kLeastMtu) - kHeaderBytes);
    transfer_.emplace(static_cast<Wire&>(*this), sink_, limits_);
    transfer_->start(path_, parts_.platform.now());
    update();
    return ok_status();
  }

  // --- Wire -------------------------------------------------------------------------------------
  void renew() override {
    close();
    socket_ = udp_new();
    if (!socket_) return;  // as if every packet were lost: ends in the idle limit
    udp_bind(socket_, IP4_ADDR_ANY, 0);
    udp_recv(socket_, on_datagram, this);
  }
  void send(uint16_t port, Bytes packet) override {
    pbuf* buffer = pbuf_alloc(PBUF_TRANSPORT, u16_t(packet.size()), PBUF_RAM);
    if (!buffer) return;
    pbuf_take(buffer, packet.data(), u16_t(packet.size()));
    if (socket_) udp_sendto(socket_, buffer, &server_, port);
    pbuf_free(buffer);
  }

  // --- events -----------------------------------------------------------------------------------
  static void on_datagram(void* self, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t port) {
    static_cast<TftpFetch*>(self)->receive(packet, *from, port);
    pbuf_free(packet);
  }
  void receive(pbuf* packet, const ip_addr_t& from, uint16_t port) {
    if (!transfer_ || !ip_addr_cmp(&from, &server_)) return;
    Millis now = parts_.platform.now();
    if (packet->len == packet->tot_len) {
      transfer_->on_packet(port, {static_cast<uint8_t*>(packet->payload), packet->len}, now);
    } else {  // was put together from fragments
      std::vector<uint8_t> whole(packet->tot_len);
      pbuf_copy_partial(packet, whole.data(), packet->tot_len, 0);
      transfer_->on_packet(port, whole, now);
    }
    update();
  }
  void on_deadline() {
    transfer_->on_deadline(parts_.platform.now());
    update();
  }
  void update() {
    progress_.received = transfer_->received();
    progress_.total = transfer_->total();
    timer_.set(transfer_->deadline());
    if (transfer_->finished()) {
      bool good = transfer_->state() == ReadTransfer::State::Done;
      return finish(good ? ok_status() : Status{transfer_->error()});
    }
    if (!transfer_->waiting()) progress_.note.clear();
    else if (progress_.note.empty()) progress_.note = cat("waiting for ", printable(host_, 80));
  }
  void finish(Status outcome) {
    outcome_ = std::move(outcome);
    progress_.note.clear();
    activity_.reset();
    close();
  }
  void close() {
    if (socket_) udp_remove(socket_);
    socket_ = nullptr;
  }

  ClientParts& parts_;
  Sink& sink_;
  std::string host_, path_;
  Limits limits_;
  ip_addr_t server_ = IPADDR4_INIT(0);
  stack::Resolver resolver_;
  stack::Timer timer_;
  std::optional<stack::Activity> activity_;
  udp_pcb* socket_ = nullptr;
  std::optional<ReadTransfer> transfer_;
  std::optional<Status> outcome_;
  FetchProgress progress_;
};

}  // namespace

Result<std::unique_ptr<Fetch>> start_fetch(const Uri& uri, Sink& sink, const FetchOptions& options,
                                           ClientParts& parts) {
  auto fetch = std::make_unique<TftpFetch>(uri, sink, options, parts);
  TRY(fetch->begin());
  return std::unique_ptr<Fetch>(std::move(fetch));
}

}  // namespace hawser::tftp
