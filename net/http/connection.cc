#include "net/http/connection.h"

#include <algorithm>

#include "net/resolver.h"
#include "src/base/format.h"

namespace hawser::http {
namespace {
constexpr u8_t kPollInterval = 2;  ///< in lwIP's half seconds: tries again what memory prevented
}

Connection::Connection(std::string_view host, const ip_addr_t& address, uint16_t port)
    : host_(host), address_(address), port_(port) {}

Status Connection::open(ConnectionUser& user) {
  pcb_ = tcp_new_ip_type(IPADDR_TYPE_V4);
  if (!pcb_) return Error{Errc::NoMemory, "no memory for a TCP connection"};
  user_ = &user;
  tcp_arg(pcb_, this);
  tcp_err(pcb_, on_error);
  tcp_recv(pcb_, on_received);
  tcp_sent(pcb_, on_sent);
  tcp_poll(pcb_, on_poll, kPollInterval);
  tcp_nagle_disable(pcb_);
  err_t started = tcp_connect(pcb_, &address_, port_, on_connected);
  if (started == ERR_OK) return ok_status();
  close();
  return in_words(started);
}

Error Connection::in_words(err_t why) const {
  auto say = [this](Errc code, std::string_view text) {
    if (connected_) return Error{code, std::string(text)};
    return Error{code, cat("connect ", stack::to_string(address_), ":", port_, ": ", text)};
  };
  switch (why) {
    case ERR_RST:
      if (connected_) return say(Errc::Reset, "connection reset by the server");
      return say(Errc::Refused, "connection refused");
    case ERR_ABRT:
      return say(Errc::TimedOut, connected_ ? "the server stopped answering" : "no answer");
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
  unsent_.append(text);
  push();
}

void Connection::push() {
  if (!usable() || unsent_.empty()) return;
  size_t part = std::min<size_t>(unsent_.size(), tcp_sndbuf(pcb_));
  if (part > 0 && tcp_write(pcb_, unsent_.data(), u16_t(part), TCP_WRITE_FLAG_COPY) == ERR_OK)
    unsent_.erase(0, part);
  tcp_output(pcb_);
}

void Connection::close() {
  user_ = nullptr;
  if (!pcb_) return;
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
  connection.connected_ = true;
  if (connection.user_) connection.user_->connected();
  return connection.result();
}

err_t Connection::on_received(void* self, tcp_pcb*, pbuf* chain, err_t) {
  auto& connection = *static_cast<Connection*>(self);
  if (chain) connection.receive(chain);
  else if (connection.user_) connection.user_->closed();
  else connection.close();  // kept for nobody
  return connection.result();
}

/// Hands the bytes on where they lie: the sink's copy is the only one.
void Connection::receive(pbuf* chain) {
  for (pbuf* part = chain; part; part = part->next) {
    if (part->len == 0) continue;
    if (user_) user_->data({static_cast<uint8_t*>(part->payload), part->len});
    else close();  // bytes that nobody asked for
  }
  if (pcb_) tcp_recved(pcb_, chain->tot_len);
  pbuf_free(chain);
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

std::unique_ptr<Connection> KeptConnections::take(std::string_view host, uint16_t port) {
  for (size_t i = kept_.size(); i-- > 0;) {
    Connection& candidate = *kept_[i].connection;
    if (!candidate.usable() || !candidate.is_to(host, port)) continue;
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
