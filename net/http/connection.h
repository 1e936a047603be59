// One connection over lwIP's raw API, with or without TLS, and the few that are kept for the next
// request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwip/ip_addr.h"
#include "lwip/tcp.h"
#include "net/http/proxy.h"
#include "net/http/request.h"
#include "net/timer.h"
#include "net/tls/session.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/platform.h"

namespace hawser::http {

/// Who uses a connection. During these calls it may be closed or kept, but not destroyed.
class ConnectionUser {
 public:
  virtual ~ConnectionUser() = default;
  virtual void handshake() = 0;  ///< TCP is connected, and TLS begins; only where there is TLS
  virtual void connected() = 0;
  virtual void data(Bytes bytes) = 0;
  virtual void closed() = 0;           ///< by the server, in an orderly way; still to be released
  virtual void broken(Error why) = 0;  ///< is closed already
};

class Connection {
 public:
  /// `server` has the name that was asked for; connections are kept under it. `address` and `port` are
  /// those to connect to: the server's or a proxy's. `tls` and `tunnel` borrow what they need for as
  /// long as the connection lives; nullptr: plain TCP; no proxy before TLS.
  Connection(const Server& server, const ip_addr_t& address, uint16_t port,
             std::unique_ptr<tls::Session> tls, std::unique_ptr<Tunnel> tunnel);
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Starts to connect. `user` is borrowed until close() or until it is replaced.
  /// Errors: Unreachable (no route), NoMemory.
  Status open(ConnectionUser& user);
  void set_user(ConnectionUser* user) { user_ = user; }
  /// Sends all of `text`, as the window allows. Failure shows as a broken connection.
  void send(std::string_view text);
  /// With data on its way from the server: a reset, so that it stops.
  void close();

  bool usable() const { return pcb_ && connected_; }
  /// It is broken, but another one to the same address would do: the proxy asked who we are.
  bool wants_reconnect() const { return tunnel_ && tunnel_->wants_reconnect(); }
  const ip_addr_t& address() const { return address_; }
  /// As tls::Session::missing_issuer().
  std::optional<tls::MissingIssuer> missing_issuer() const {
    return tls_ ? tls_->missing_issuer() : std::nullopt;
  }
  /// Milliseconds until the server answered, the shortest time so far: to connect, or a request.
  uint32_t round_trip() const { return round_trip_; }
  bool is_to(const Server& server) const { return server == server_; }

 private:
  static err_t on_connected(void* self, tcp_pcb*, err_t);
  static err_t on_received(void* self, tcp_pcb*, pbuf* chain, err_t);
  static err_t on_sent(void* self, tcp_pcb*, u16_t);
  static err_t on_poll(void* self, tcp_pcb*);
  static void on_error(void* self, err_t why);
  void receive(pbuf* chain);
  void receive_secure(Bytes wire);
  void receive_from_proxy(Bytes bytes);
  void ended();
  void fail(Error why);
  bool settle(Status tls_status);
  void push();
  err_t result() const { return aborted_ ? ERR_ABRT : ERR_OK; }
  Error in_words(err_t why) const;

  Server server_;
  ip_addr_t address_;
  uint16_t port_;
  std::unique_ptr<tls::Session> tls_;
  std::unique_ptr<Tunnel> tunnel_;  ///< until it is open
  tcp_pcb* pcb_ = nullptr;
  ConnectionUser* user_ = nullptr;
  bool reached_ = false;    ///< TCP is connected
  bool asked_ = false;      ///< and nothing was received since then
  uint32_t asked_at_ = 0, round_trip_ = 0;  ///< of lwIP's clock, in ms
  bool connected_ = false;  ///< TLS included
  bool aborted_ = false;  ///< lwIP must be told when the callback returns
  std::string unsent_;
};

/// Connections without a user, for kIdle at most (servers close theirs after 5 s and more).
class KeptConnections {
 public:
  static constexpr Millis kIdle{10'000};
  static constexpr size_t kMost = 4;

  explicit KeptConnections(Platform& platform)
      : platform_(platform), timer_(platform, [this] { drop_old(); }) {}

  void keep(std::unique_ptr<Connection> connection);
  /// The one kept last for this server, or nullptr.
  std::unique_ptr<Connection> take(const Server& server);
  void drop_all() { kept_.clear(); }

 private:
  void drop_old();

  struct Kept {
    std::unique_ptr<Connection> connection;
    Millis until;
  };
  Platform& platform_;
  std::vector<Kept> kept_;  ///< oldest first
  stack::Timer timer_;
};

}  // namespace hawser::http
