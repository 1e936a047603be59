#include "net/stack/query.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/prot/icmp.h"
#include "lwip/raw.h"
#include "lwip/udp.h"
#include "net/resolver.h"
#include "net/timer.h"
#include "src/base/format.h"

namespace hawser::stack {
namespace {

constexpr uint16_t kTimePort = 123;
constexpr size_t kTimeBytes = 48, kOriginateAt = 24, kTransmitAt = 40, kCookieBytes = 8;
constexpr unsigned kTimeTries = 5;
constexpr Millis kTimeWait{1'000};

bool any_address() {
  for (netif* interface = netif_list; interface; interface = interface->next)
    if (netif_is_up(interface) && !ip4_addr_isany(netif_ip4_addr(interface))) return true;
  return false;
}

Ipv4 ours(const ip_addr_t& address) {
  return Ipv4::from_host_order(lwip_ntohl(ip4_addr_get_u32(&address)));
}

class Query final : public HostQuery {
 public:
  Query(ClientParts parts, const HostQuestion& question)
      : parts_(parts),
        question_(question),
        resolver_(parts.platform),
        timer_(parts.platform, [this] { expired(); }),
        activity_(std::in_place, parts_.activity) {}
  ~Query() override { close(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  bool done() const override { return outcome_.has_value(); }
  Result<HostAnswer> outcome() const override { return *outcome_; }

  void start() {
    if (!any_address() && !parse_ipv4(question_.host))
      return finish(Error{Errc::NotConnected, "no interface has an address; run dhcp first"});
    auto known = resolver_.start(question_.host, [this](Result<ip_addr_t> address) {
      if (address.ok()) resolved(*address);
      else finish(std::move(address).error());
    });
    if (!known.ok()) finish(std::move(known).error());
    else if (*known) resolved(**known);
  }

 private:
  void finish(Result<HostAnswer> outcome) {
    if (done()) return;
    outcome_ = std::move(outcome);
    activity_.reset();
    timer_.stop();
  }
  void close() {
    if (udp_) udp_remove(udp_);
    if (raw_) raw_remove(raw_);
  }

  void resolved(const ip_addr_t& address) {
    address_ = address;
    switch (question_.kind) {
      case HostQuestion::Kind::Address:
        return finish(HostAnswer{ours(address)});
      case HostQuestion::Kind::Echo:
        raw_ = raw_new(IP_PROTO_ICMP);
        if (!raw_) return finish(Error{Errc::NoMemory, "no memory"});
        raw_recv(raw_, on_icmp, this);
        identity_ = uint16_t(parts_.platform.random());
        timer_.set(parts_.platform.now() + question_.timeout);
        return send_echo();
      case HostQuestion::Kind::Time:
        udp_ = udp_new();
        if (!udp_) return finish(Error{Errc::NoMemory, "no memory"});
        udp_recv(udp_, on_time, this);
        if (err_t error = udp_connect(udp_, &address, kTimePort); error != ERR_OK)
          return sent(error);
        return send_time();
    }
  }

  void expired() {
    if (question_.kind == HostQuestion::Kind::Time && tries_ < kTimeTries) return send_time();
    finish(Error{Errc::TimedOut, cat("no answer from ", to_string(address_))});
  }

  void sent(err_t error) {
    if (error == ERR_RTE)
      finish(Error{Errc::Unreachable, cat("there is no route to ", to_string(address_))});
    else if (error != ERR_OK)
      finish(Error{Errc::NoBuffers, cat("could not send to ", to_string(address_))});
  }

  // --- ICMP -------------------------------------------------------------------------------------
  void send_echo() {
    auto bytes = u16_t(sizeof(icmp_echo_hdr) + question_.bytes);
    pbuf* packet = pbuf_alloc(PBUF_IP, bytes, PBUF_RAM);
    if (!packet) return sent(ERR_MEM);
    auto* data = static_cast<uint8_t*>(packet->payload);
    for (size_t i = 0; i < bytes; ++i) data[i] = uint8_t(i);
    icmp_echo_hdr header{ICMP_ECHO, 0, 0, lwip_htons(identity_), lwip_htons(question_.sequence)};
    std::memcpy(data, &header, sizeof header);
    header.chksum = inet_chksum(data, bytes);
    std::memcpy(data, &header, sizeof header);
    err_t error = raw_sendto(raw_, packet, &address_);
    pbuf_free(packet);
    sent(error);
  }
  /// `packet` begins with its IP header. Returns 1 to take it, 0 to leave it to others.
  static u8_t on_icmp(void* self, raw_pcb*, pbuf* packet, const ip_addr_t* from) {
    auto& query = *static_cast<Query*>(self);
    uint8_t version = 0;
    icmp_echo_hdr header;
    if (pbuf_copy_partial(packet, &version, 1, 0) != 1) return 0;
    auto at = u16_t((version & 15) * 4);
    if (pbuf_copy_partial(packet, &header, sizeof header, at) != sizeof header) return 0;
    if (ICMPH_TYPE(&header) != ICMP_ER || header.id != lwip_htons(query.identity_) ||
        header.seqno != lwip_htons(query.question_.sequence))
      return 0;
    if (size_t(packet->tot_len) - at < sizeof header + query.question_.bytes)
      query.finish(Error{Errc::Protocol, "the reply is shorter than the request"});
    else query.finish(HostAnswer{ours(*from)});
    pbuf_free(packet);
    return 1;
  }

  // --- SNTP -------------------------------------------------------------------------------------
  void send_time() {
    constexpr uint8_t kVersion4Client = 0x23;
    ++tries_;
    timer_.set(parts_.platform.now() + kTimeWait);
    uint64_t random = parts_.platform.random();
    std::memcpy(cookie_.data(), &random, kCookieBytes);
    pbuf* packet = pbuf_alloc(PBUF_TRANSPORT, kTimeBytes, PBUF_RAM);
    if (!packet) return sent(ERR_MEM);
    auto* data = static_cast<uint8_t*>(packet->payload);
    std::memset(data, 0, kTimeBytes);
    data[0] = kVersion4Client;
    std::memcpy(data + kTransmitAt, cookie_.data(), kCookieBytes);
    err_t error = udp_send(udp_, packet);
    pbuf_free(packet);
    sent(error);
  }
  static void on_time(void* self, udp_pcb*, pbuf* packet, const ip_addr_t*, u16_t) {
    auto& query = *static_cast<Query*>(self);
    std::array<uint8_t, kTimeBytes> answer{};
    u16_t bytes = pbuf_copy_partial(packet, answer.data(), kTimeBytes, 0);
    pbuf_free(packet);
    auto time = time_of({answer.data(), bytes}, query.cookie_);
    if (time.ok()) query.finish(HostAnswer{ours(query.address_), *time});
    else if (time.error().code != Errc::Protocol) query.finish(std::move(time).error());
  }

  ClientParts parts_;
  HostQuestion question_;
  ip_addr_t address_{};
  udp_pcb* udp_ = nullptr;
  raw_pcb* raw_ = nullptr;
  uint16_t identity_ = 0;
  unsigned tries_ = 0;
  std::array<uint8_t, kCookieBytes> cookie_{};
  std::optional<Result<HostAnswer>> outcome_;
  Resolver resolver_;
  Timer timer_;
  std::optional<Activity> activity_;
};

}  // namespace

Result<int64_t> time_of(Bytes answer, Bytes cookie) {
  constexpr uint8_t kServer = 4, kUnsynchronized = 3, kLastStratum = 15;
  constexpr int64_t kFrom1900To1970 = 2'208'988'800, kEra = int64_t{1} << 32;
  auto originate = slice(answer, kOriginateAt, kCookieBytes);
  auto seconds = read_be<uint32_t>(answer, kTransmitAt);
  bool whole = answer.size() >= kTimeBytes && originate && seconds;
  if (!whole || (answer[0] & 7) != kServer ||
      !std::equal(cookie.begin(), cookie.end(), originate->begin(), originate->end()))
    return Error{Errc::Protocol, "not an answer to our question for the time"};
  if (answer[1] == 0 || answer[1] > kLastStratum || answer[0] >> 6 == kUnsynchronized || !*seconds)
    return Error{Errc::Io, "the server says that it does not know the time"};
  // RFC 4330 §3: with the top bit clear, it is 2036 or later.
  return int64_t{*seconds} + (*seconds >> 31 ? 0 : kEra) - kFrom1900To1970;
}

std::unique_ptr<HostQuery> start_query(ClientParts parts, const HostQuestion& question) {
  auto query = std::make_unique<Query>(parts, question);
  query->start();
  return query;
}

}  // namespace hawser::stack
