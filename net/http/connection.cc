#include "net/http/connection.h"

#include <algorithm>
#include <utility>

#include "lwip/sys.h"
#include "net/resolver.h"
#include "src/base/format.h"

namespace hawser::http {
namespace {
constexpr u8_t kPollInterval = 2;  ///< in lwIP's half seconds: tries again what memory prevented
}

Connection::Connection(const Server& server, const ip_addr_t& address, uint16_t port,
                       std::unique_ptr<tls::Session> tls, std::unique_ptr<Tunnel> tunnel)
    : server_(server),
      address_(address),
      port_(port),
      tls_(std::move(tls)),
      tunnel_(std::move(tunnel)) {}

Status Connection::open(ConnectionUser& user) {
  pcb_ = tcp_new();
  if (!pcb_) return Error{Errc::NoMemory, "no memory for a TCP connection"};
  user_ = &user;
  tcp_arg(pcb_, this);
  tcp_err(pcb_, on_error);
  tcp_recv(pcb_, on_received);
  tcp_sent(pcb_, on_sent);
  tcp_poll(pcb_, on_poll, kPollInterval);
  tcp_nagle_disable(pcb_);
  asked_at_ = sys_now();
  err_t started = tcp_connect(pcb_, &address_, port_, on_connected);
  if (started == ERR_OK) return ok_status();
  close();
  return in_words(started);
}

Error Connection::in_words(err_t why) const {
  auto say = [this](Errc code, std::string_view text) {
    if (reached_) return Error{code, std::string(text)};
    return Error{code, cat("connect ", stack::to_string(address_), ":", port_, ": ", text)};
  };
  switch (why) {
    case ERR_RST:
      if (reached_) return say(Errc::Reset, "connection reset by the server");
      return say(Errc::Refused, "connection refused");
    case ERR_ABRT:
      return say(Errc::TimedOut, reached_ ? "the server stopped answering" : "no answer");
    case ERR_RTE:
      return say(Errc::Unreachable, "no route; is a gateway set?");
    case ERR_MEM:
    case ERR_BUF:
      return say(Errc::NoMemory, "no memory");
    default:
      return say(Errc::Io, cat("TCP error ", int{why}));
  }
}

void Connection::send(std::string_view text) {
  asked_ = true;
  asked_at_ = sys_now();
  if (tls_) settle(tls_->send(bytes_of(text)));
  else unsent_.append(text);
  push();
}

void Connection::push() {
  if (tls_ && !tunnel_) unsent_.append(std::exchange(tls_->output(), {}));
  if (!pcb_ || unsent_.empty()) return;
  size_t part = std::min<size_t>(unsent_.size(), tcp_sndbuf(pcb_));
  if (part > 0 && tcp_write(pcb_, unsent_.data(), u16_t(part), TCP_WRITE_FLAG_COPY) == ERR_OK)
    unsent_.erase(0, part);
  tcp_output(pcb_);
}

void Connection::close() {
  user_ = nullptr;
  if (!pcb_) return;
  if (tls_ && !tunnel_) {
    tls_->close();
    push();
  }
  tcp_pcb* pcb = pcb_;
  pcb_ = nullptr;
  tcp_arg(pcb, nullptr);
  tcp_err(pcb, nullptr);
  tcp_recv(pcb, nullptr);
  tcp_sent(pcb, nullptr);
  tcp_poll(pcb, nullptr, 0);
  if (tcp_close(pcb) == ERR_OK) return;
  tcp_abort(pcb);
  aborted_ = true;
}

err_t Connection::on_connected(void* self, tcp_pcb*, err_t) {
  auto& connection = *static_cast<Connection*>(self);
  connection.reached_ = true;
  connection.round_trip_ = sys_now() - connection.asked_at_;
  if (!connection.tls_) {
    connection.connected_ = true;
    if (connection.user_) connection.user_->connected();
  } else {
    if (connection.user_) connection.user_->handshake();
    if (connection.pcb_ && connection.tunnel_) {
      connection.unsent_ = connection.tunnel_->request();
      connection.push();
    } else if (connection.pcb_) {
      connection.settle(connection.tls_->start());
    }
  }
  return connection.result();
}

err_t Connection::on_received(void* self, tcp_pcb*, pbuf* chain, err_t) {
  auto& connection = *static_cast<Connection*>(self);
  if (chain) connection.receive(chain);
  else connection.ended();
  return connection.result();
}

/// Hands the bytes on where they lie: the sink's copy is the only one. (TLS has one of its own.)
void Connection::receive(pbuf* chain) {
  if (std::exchange(asked_, false)) round_trip_ = std::min(round_trip_, sys_now() - asked_at_);
  for (pbuf* part = chain; part; part = part->next) {
    Bytes bytes{static_cast<uint8_t*>(part->payload), part->len};
    if (bytes.empty()) continue;
    if (tunnel_) receive_from_proxy(bytes);
    else if (tls_) receive_secure(bytes);
    else if (user_) user_->data(bytes);
    else close();  // bytes that nobody asked for
  }
  if (pcb_) tcp_recved(pcb_, chain->tot_len);
  pbuf_free(chain);
}

void Connection::receive_from_proxy(Bytes bytes) {
  if (!pcb_) return;
  auto next = tunnel_->receive(bytes);
  if (!next.ok()) return fail(std::move(next).error());
  switch (*next) {
    case Tunnel::Next::Wait:
      break;
    case Tunnel::Next::Open:
      tunnel_.reset();
      settle(tls_->start());
      break;
    case Tunnel::Next::AskAgain:
      unsent_ = tunnel_->request();
      push();
      break;
    case Tunnel::Next::Reconnect:
      fail({Errc::Access, "the proxy asked for user and password, and closed the connection"});
  }
}

void Connection::receive_secure(Bytes wire) {
  if (!pcb_) return;
  Status status = tls_->receive(wire, [this](Bytes plain) {
    if (user_) user_->data(plain);
    else close();
    return pcb_ != nullptr;
  });
  if (!settle(std::move(status))) return;
  if (tls_->state() == tls::Session::State::Ended) return ended();
  if (connected_ || tls_->state() != tls::Session::State::Open) return;
  connected_ = true;
  if (user_) user_->connected();
}

/// Sends what TLS has to send. False when the connection is gone, perhaps because TLS failed.
bool Connection::settle(Status tls_status) {
  push();
  if (!pcb_) return false;
  if (tls_status.ok()) return true;
  fail(std::move(tls_status).error());
  return false;
}

void Connection::fail(Error why) {
  ConnectionUser* user = user_;
  close();
  if (user) user->broken(std::move(why));
}

/// The server sends nothing more. With TLS it has to say so, or somebody else cut the connection.
void Connection::ended() {
  bool cut_off = tls_ && tls_->state() != tls::Session::State::Ended;
  if (!user_) return close();  // kept for nobody
  if (!cut_off) return user_->closed();
  if (tunnel_) return fail({Errc::Reset, "the proxy closed the connection"});
  bool in_handshake = tls_->state() == tls::Session::State::Handshake;
  fail({Errc::Reset, in_handshake ? "the server closed the connection during the TLS handshake; "
                                    "does it speak TLS on this port?"
                                  : "the connection was cut off (TLS without a close_notify)"});
}

err_t Connection::on_sent(void* self, tcp_pcb*, u16_t) {
  static_cast<Connection*>(self)->push();
  return ERR_OK;
}

err_t Connection::on_poll(void* self, tcp_pcb*) {
  static_cast<Connection*>(self)->push();
  return ERR_OK;
}

void Connection::on_error(void* self, err_t why) {
  auto& connection = *static_cast<Connection*>(self);
  connection.pcb_ = nullptr;  // lwIP has freed it
  ConnectionUser* user = connection.user_;
  connection.user_ = nullptr;
  if (user) user->broken(connection.in_words(why));
}

void KeptConnections::keep(std::unique_ptr<Connection> connection) {
  connection->set_user(nullptr);
  if (kept_.size() >= kMost) kept_.erase(kept_.begin());
  kept_.push_back({std::move(connection), platform_.now() + kIdle});
  timer_.set(kept_.front().until);
}

std::unique_ptr<Connection> KeptConnections::take(const Server& server) {
  for (size_t i = kept_.size(); i-- > 0;) {
    Connection& candidate = *kept_[i].connection;
    if (!candidate.usable() || !candidate.is_to(server)) continue;
    auto connection = std::move(kept_[i].connection);
    kept_.erase(kept_.begin() + std::ptrdiff_t(i));
    return connection;
  }
  return nullptr;
}

void KeptConnections::drop_old() {
  Millis now = platform_.now();
  while (!kept_.empty() && reached(kept_.front().until, now)) kept_.erase(kept_.begin());
  if (!kept_.empty()) timer_.set(kept_.front().until);
}

}  // namespace hawser::http
