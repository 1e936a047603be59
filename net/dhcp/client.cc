#include "net/dhcp/client.h"

#include <algorithm>

#include "net/dhcp/boot_info.h"
#include "net/dhcp/identity.h"
#include "src/base/format.h"

namespace hawser::dhcp {
namespace {

constexpr Millis kFirstInterval{1000};     // DISCOVERs go out at 0, 1, 3 and 7 s
constexpr Millis kLastInterval{10'000};    // no further try once the doubled interval passes this
constexpr Millis kPatientInterval{4'000};  // while a switch may keep them back
constexpr Millis kPxeFirstInterval{500};
constexpr Millis kProxyOfferWait{2000};
constexpr Millis kProxyAnswerWait{2000};
constexpr Millis kBootServerWait{3000};
constexpr Millis kRestartPause{1000};        // after a NAK or a conflict
constexpr Millis kShortestLease{60'000};     // less could not even load a kernel
constexpr uint32_t kUnlimited = 0xffffffff;  // RFC 2132 §9.2
constexpr int kMaxRefusals = 4;
constexpr int kMaxDeclines = 3;
constexpr size_t kMaxBootServers = 8;
constexpr uint32_t kXidStep = 0x9e3779b9;  // odd, so that no number comes back soon

bool is_proxy_offer(const Answer& answer) {
  return answer.reply.yiaddr.any() && from_pxe_server(answer.reply);
}

/// PXE servers answer on port 4011 with either type.
bool acknowledges(const Answer& answer) {
  return answer.type == Type::Ack || answer.type == Type::Offer;
}

}  // namespace

Client::Client(Carrier& carrier, ClientSettings settings)
    : carrier_(carrier), settings_(std::move(settings)), xid_(settings_.xid) {}

void Client::start(Millis now) {
  refusals_ = declines_ = 0;
  error_.reset();
  discover(now);
}

// --- sending -------------------------------------------------------------------------------------

void Client::discover(Millis now) {
  xid_ += kXidStep;
  ignored_ = 0;
  offer_.reset();
  proxy_.reset();
  ack_.reset();
  proxy_reply_.reset();
  contest_.clear();
  boot_server_.reset();
  on_demand_ = false;
  lease_end_ = kNever;
  enter(State::Discovering, now);
}

void Client::enter(State state, Millis now) {
  bool pxe = state == State::AskingProxy || state == State::AskingBootServer;
  state_ = state;
  started_ = now;
  sent_ = 0;
  due_ = now;
  interval_ = pxe ? kPxeFirstInterval : kFirstInterval;
  resend(now);
}

/// Between minus and plus a quarter of `interval`, so that machines which were switched on together
/// do not ask again together (RFC 2131 section 4.1).
Millis Client::chance(Millis interval) const {
  uint32_t mixed = (xid_ + uint32_t(sent_)) * kXidStep;
  return {interval.ms * int32_t((mixed >> 16) - 0x8000) / 0x20000};
}

void Client::resend(Millis now) {
  ++sent_;
  if (reached(due_ + interval_, now)) due_ = now;  // the machine was busy
  due_ = due_ + interval_;
  bool last = interval_ + interval_ > kLastInterval;  // what then comes is the end of patience
  next_send_ = last ? due_ : due_ + chance(interval_);
  interval_ = interval_ + interval_;
  arm();
  switch (state_) {
    case State::Discovering: {
      RequestWriter discover = writer(Type::Discover, false);
      add_identity(discover, settings_);
      return carrier_.send(discover.finish(), kBroadcast, kServerPort);
    }
    case State::Requesting:
      return request();
    case State::AskingProxy:
      return ask_proxy();
    case State::AskingBootServer:
      return ask_boot_servers();
    case State::Idle:
    case State::Bound:
    case State::Failed:
      return;
  }
}

void Client::request() {
  RequestWriter request = writer(Type::Request, false);
  add_identity(request, settings_);
  request.add(option::kRequestedAddress, offer_->answer.reply.yiaddr);
  if (offer_->named_itself) request.add(option::kServerId, offer_->server);
  carrier_.send(request.finish(), kBroadcast, kServerPort);
}

void Client::ask_proxy() {
  RequestWriter request = writer(Type::Request, true);
  add_identity(request, settings_);
  request.add(option::kServerId, proxy_->server);
  carrier_.send(request.finish(), proxy_->server, kPxePort);
}

void Client::ask_boot_servers() {
  const uint8_t item[] = {pxe::kBootItem, 4, uint8_t(boot_item_ >> 8), uint8_t(boot_item_), 0, 0,
                          option::kEnd};  // the last two: layer 0, the boot program
  RequestWriter request = writer(Type::Request, true);
  add_identity(request, settings_);
  request.add(option::kVendorInfo, Bytes{item});
  std::vector<uint8_t> packet = request.finish();
  for (Ipv4 server : boot_servers_) carrier_.send(packet, server, kPxePort);
}

RequestWriter Client::writer(Type type, bool with_ciaddr) const {
  RequestWriter::Header header;
  header.xid = xid_;
  // Which try this is and what is held already, as iPXE shows it in captures.
  header.secs = uint16_t((sent_ - 1) << 2 | (offer_ ? 2 : 0) | (proxy_ ? 1 : 0));
  header.broadcast = settings_.ask_for_broadcast && !with_ciaddr;
  if (with_ciaddr && ack_) header.ciaddr = ack_->yiaddr;
  header.chaddr = settings_.mac;
  return RequestWriter{header, type};
}

// --- time ----------------------------------------------------------------------------------------

/// Sets the deadline: the next try, or the end of this state's patience.
void Client::arm() {
  deadline_ = next_send_;
  if (state_ == State::Discovering && offer_)
    deadline_ = std::min(deadline_, started_ + kProxyOfferWait);
  if (state_ == State::AskingProxy) deadline_ = std::min(deadline_, started_ + kProxyAnswerWait);
  if (state_ == State::AskingBootServer)
    deadline_ = std::min(deadline_, started_ + kBootServerWait);
}

void Client::on_deadline(Millis now) {
  if (!reached(deadline_, now)) return;
  switch (state_) {
    case State::Discovering:
      if (offer_ && reached(started_ + kProxyOfferWait, now)) return enter(State::Requesting, now);
      break;
    case State::AskingProxy:
      if (reached(started_ + kProxyAnswerWait, now)) return after_proxy(now);
      break;
    case State::AskingBootServer:
      if (reached(started_ + kBootServerWait, now)) return finish();
      break;
    default:
      break;
  }
  if (patient(now)) interval_ = std::min(interval_, kPatientInterval);
  if (interval_ > kLastInterval) return give_up(now);
  resend(now);
}

bool Client::patient(Millis now) const {
  return state_ == State::Discovering && patient_until_ && !reached(*patient_until_, now);
}

void Client::hurry(Millis now) {
  if (state_ != State::Discovering || offer_) return;
  interval_ = kFirstInterval;
  next_send_ = due_ = now;
  arm();
}

void Client::give_up(Millis now) {
  if (state_ == State::Requesting)
    return fail(Errc::TimedOut,
                cat("no DHCP answer from ", to_string(offer_->server), " to the request for ",
                    to_string(offer_->answer.reply.yiaddr), " in 15 s: ", sent_,
                    " REQUESTs sent; the server offered this address before, so look at its log"));
  std::string unusable =
      ignored_ > 0 ? cat(" (", ignored_, " answers could not be used: malformed or no address)")
                   : std::string{};
  std::string in = cat(" in ", (now - started_).ms / 1000, " s: ");
  if (proxy_)
    return fail(Errc::TimedOut, cat("no DHCP address", in, "only the ProxyDHCP server ",
                                    to_string(proxy_->server), " answered ", sent_, " DISCOVERs",
                                    unusable, "; check that a DHCP server has a free address"));
  fail(Errc::TimedOut, cat("no DHCP answer", in, sent_, " DISCOVERs sent, 0 offers", unusable,
                           "; check the cable, VLAN and that a DHCP server serves this network"));
}

void Client::restart_after_pause(Millis now) {
  offer_.reset();
  proxy_.reset();
  ack_.reset();
  proxy_reply_.reset();
  contest_.clear();
  lease_end_ = kNever;
  xid_ += kXidStep;
  state_ = State::Discovering;
  sent_ = 0;
  interval_ = kFirstInterval;
  started_ = deadline_ = next_send_ = due_ = now + kRestartPause;
}

// --- receiving -----------------------------------------------------------------------------------

void Client::on_packet(Bytes packet, Ipv4 from, uint16_t from_port, Millis now) {
  if (state_ == State::Idle || done()) return;
  auto answer = parse_answer(packet);
  if (!answer) {
    ++ignored_;
    return;
  }
  if (answer->xid != xid_ || answer->chaddr != settings_.mac) return;
  Offer offer{std::move(*answer), from, false, 0};
  if (auto server = offer.answer.server_id(); server && !server->any()) {
    offer.server = *server;
    offer.named_itself = true;
  }
  offer.priority = priority_of(offer.answer.reply);

  if (state_ == State::AskingBootServer && !is_of_type(offer.answer.reply, boot_item_)) return;

  switch (state_) {
    case State::Discovering:
      return on_offer(std::move(offer), from_port, now);
    case State::Requesting:
      return on_request_answer(std::move(offer), from_port, now);
    case State::AskingProxy: {
      bool from_proxy = offer.server == proxy_->server || from == proxy_->server;
      if (from_port != kPxePort || !from_proxy || !acknowledges(offer.answer)) return;
      keep_proxy_reply(offer);
      return after_proxy(now);
    }
    case State::AskingBootServer:
      if (from_port != kPxePort || !acknowledges(offer.answer)) return;
      if (offer.answer.reply.filename().empty()) return;
      if (on_demand_) {
        boot_server_ = offer.answer.reply;
        if (boot_server_->siaddr.any()) boot_server_->siaddr = offer.server;
        return finish();
      }
      keep_proxy_reply(offer);
      if (!proxy_) boot_from_menu();
      return finish();
    default:
      return;
  }
}

void Client::keep_proxy_reply(const Offer& offer) {
  proxy_reply_ = offer.answer.reply;
  if (proxy_reply_->siaddr.any()) proxy_reply_->siaddr = offer.server;
}

/// The lease itself had the menu: what it names besides is for ROMs that do not follow menus.
void Client::boot_from_menu() {
  auto names_boot_file = [](const DhcpOption& o) {
    return o.code == option::kBootFile || o.code == option::kServerName;
  };
  auto& options = ack_->options;
  options.erase(std::remove_if(options.begin(), options.end(), names_boot_file), options.end());
  ack_->siaddr = proxy_reply_->siaddr;
  ack_->file = proxy_reply_->filename();
}

void Client::consider_proxy(Offer offer) {
  auto names_file = [](const Offer& o) { return !o.answer.reply.filename().empty(); };
  if (!proxy_) {
    proxy_ = std::move(offer);
    return;
  }
  if (offer.server == proxy_->server) return;  // it answers each DISCOVER
  bool by_priority = offer.priority != proxy_->priority;
  bool by_file = names_file(offer) != names_file(*proxy_);
  bool better = by_priority ? offer.priority > proxy_->priority : by_file && names_file(offer);
  if (better) std::swap(offer, *proxy_);
  auto what = [&](const Offer& o) {
    std::string file = printable(o.answer.reply.filename(), 60);
    return cat(to_string(o.server), names_file(o) ? cat(" (\"", file, "\")") : " (no boot file)");
  };
  std::string outcome = cat("ProxyDHCP server ", what(*proxy_), " is used, not ", what(offer), ": ",
                            by_priority ? "its priority (option 175.1) is higher"
                            : by_file   ? "the other names no boot file"
                                        : "it answered first");
  constexpr size_t kEnough = 500;
  bool known = contest_.find(outcome) != contest_.npos;  // each DISCOVER is answered anew
  if (!known && contest_.size() <= kEnough) contest_ += cat(contest_.empty() ? "" : "; ", outcome);
}

void Client::on_offer(Offer offer, uint16_t from_port, Millis now) {
  Type type = offer.answer.type;
  if (type != Type::Offer && type != Type::Bootp) return;
  if (is_proxy_offer(offer.answer)) {
    if (assignable(offer.server)) consider_proxy(std::move(offer));
  } else if (from_port == kServerPort && assignable(offer.answer.reply.yiaddr)) {
    auto rank = [](const Offer& o) {
      return o.priority * 4 + (o.named_itself ? 2 : 0) +
             (has_boot_information(o.answer.reply) ? 1 : 0);
    };
    if (!offer_ || rank(offer) >= rank(*offer_)) offer_ = std::move(offer);
  } else {
    ++ignored_;
    return;
  }
  if (!offer_) return;
  const DhcpReply& best = offer_->answer.reply;
  bool complete = proxy_ || has_boot_information(best) || refuses_proxy(best);
  // RFC 2131 §4.3.1, table 3: an offer names its server. One that does not is from a BOOTP server
  // or nonsense: taken only when nothing better comes.
  if ((complete && offer_->named_itself) || reached(started_ + kProxyOfferWait, now))
    return enter(State::Requesting, now);
  arm();
}

void Client::on_request_answer(Offer offer, uint16_t from_port, Millis now) {
  if (is_proxy_offer(offer.answer) && offer.answer.type == Type::Offer)
    return consider_proxy(std::move(offer));
  bool from_chosen = !offer_->named_itself || !offer.named_itself || offer.server == offer_->server;
  if (from_port != kServerPort || !from_chosen) return;
  Type type = offer.answer.type;
  if (type == Type::Nak) return on_nak(offer, now);
  bool bootp = type == Type::Bootp && offer_->answer.type == Type::Bootp;
  if (type != Type::Ack && !bootp) return;
  if (offer.answer.reply.yiaddr != offer_->answer.reply.yiaddr) return;
  take_ack(offer, now);
}

void Client::on_nak(const Offer& nak, Millis now) {
  std::string reason = printable(text_option(nak.answer.reply, option::kMessage), 100);
  if (!reason.empty()) reason = cat(" (\"", reason, "\")");
  if (++refusals_ >= kMaxRefusals)
    return fail(Errc::AddressNotAvailable,
                cat("DHCP server ", to_string(offer_->server), " refused ",
                    to_string(offer_->answer.reply.yiaddr), reason, " ", refusals_,
                    " times after offering it; look at the server's log"));
  restart_after_pause(now);
}

void Client::take_ack(const Offer& ack, Millis now) {
  ack_ = ack.answer.reply;
  if (auto seconds = number_option(*ack_, option::kLeaseTime); seconds && *seconds != kUnlimited)
    lease_end_ = now + std::max(Millis{int64_t{*seconds} * 1000}, kShortestLease);
  carrier_.bound(*ack_);

  if (refuses_proxy(*ack_)) proxy_.reset();
  // A DHCP server that says PXEClient but names nothing shares its host with a PXE server.
  else if (!proxy_ && from_pxe_server(*ack_) && !has_boot_information(*ack_)) proxy_ = ack;
  if (!proxy_) return after_proxy(now);
  const DhcpReply& reply = proxy_->answer.reply;
  bool has_menu = sub_option(reply.find(option::kVendorInfo), pxe::kBootMenu).has_value();
  if (reply.filename().empty() && !has_menu) return enter(State::AskingProxy, now);
  keep_proxy_reply(*proxy_);
  after_proxy(now);
}

/// All DHCP and ProxyDHCP answers are in: follows a PXE boot menu, if there is one.
void Client::after_proxy(Millis now) {
  const DhcpReply& reply = proxy_reply_ ? *proxy_reply_ : *ack_;
  Ipv4 sender = proxy_reply_ ? proxy_->server : offer_->server;
  auto search = boot_server_search(reply, sender);
  if (!search || search->item == 0) return finish();
  boot_item_ = search->item;
  boot_servers_ = std::move(search->servers);
  look_for_boot_servers(now);
}

void Client::look_for_boot_servers(Millis now) {
  if (boot_servers_.size() > kMaxBootServers) boot_servers_.resize(kMaxBootServers);
  if (boot_servers_.empty()) return finish();
  enter(State::AskingBootServer, now);
}

void Client::adopt(DhcpReply ack, std::optional<DhcpReply> proxy) {
  ack_ = std::move(ack);
  proxy_reply_ = std::move(proxy);
  finish();
}

void Client::find_boot_server(uint16_t type, Millis now) {
  boot_server_.reset();
  on_demand_ = true;
  boot_item_ = type;
  xid_ += kXidStep;
  const DhcpReply& reply =
      proxy_reply_ && proxy_reply_->find(option::kVendorInfo) ? *proxy_reply_ : *ack_;
  boot_servers_ =
      boot_servers(reply, address_option(reply, option::kServerId).value_or(reply.siaddr), type);
  look_for_boot_servers(now);
}

void Client::on_conflict(const Mac& other, Millis now) {
  if (!ack_) return;
  std::string address = to_string(ack_->yiaddr);
  RequestWriter decline = writer(Type::Decline, false);
  add_client_id(decline, settings_);
  decline.add(option::kRequestedAddress, ack_->yiaddr);
  if (offer_->named_itself) decline.add(option::kServerId, offer_->server);
  carrier_.send(decline.finish(), kBroadcast, kServerPort);
  if (++declines_ > kMaxDeclines)
    return fail(Errc::AddressNotAvailable,
                cat("DHCP address ", address, " is in use by ", to_string(other), ", and so were ",
                    kMaxDeclines, " others before it; clean up the server's address range"));
  restart_after_pause(now);
}

void Client::finish() {
  state_ = State::Bound;
  deadline_ = kNever;
}

void Client::fail(Errc code, std::string text) {
  state_ = State::Failed;
  deadline_ = kNever;
  error_ = Error{code, std::move(text)};
}

std::string Client::note() const {
  switch (state_) {
    case State::Discovering:
      if (offer_)
        return cat("waiting for ProxyDHCP, holding ", to_string(offer_->answer.reply.yiaddr));
      return "discovering";
    case State::Requesting:
      return cat("requesting ", to_string(offer_->answer.reply.yiaddr), " from ",
                 to_string(offer_->server));
    case State::AskingProxy:
      return cat("asking ProxyDHCP server ", to_string(proxy_->server));
    case State::AskingBootServer:
      return cat("looking for PXE boot server ", boot_item_);
    case State::Bound:
      return cat("leased ", to_string(ack_->yiaddr));
    case State::Idle:
    case State::Failed:
      return {};
  }
  return {};
}

}  // namespace hawser::dhcp
