// Carries a DHCP client's packets over lwIP's UDP: from port 68, by broadcast without an address.
#pragma once

#include <functional>
#include <memory>

#include "lwip/netif.h"
#include "net/dhcp/client.h"
#include "src/base/time.h"

namespace hawser::dhcp {

class LwipLink final : public Carrier {
 public:
  /// Calls `on_bound` with the DHCPACK; it gives the interface its address. Borrows `interface`,
  /// which is up, for life.
  LwipLink(netif& interface, ClientSettings settings,
           std::function<void(const DhcpReply&)> on_bound);
  ~LwipLink() override;
  LwipLink(const LwipLink&) = delete;
  LwipLink& operator=(const LwipLink&) = delete;

  /// Sends the first DISCOVER. Errors: NoMemory; AddressNotAvailable when port 68 is taken.
  Status start(Millis now);
  /// As start(), for a lease that the interface has already: sends nothing.
  Status adopt(Millis now, DhcpReply ack, std::optional<DhcpReply> proxy);
  void find_boot_server(uint16_t type, Millis now) { client_.find_boot_server(type, now); }
  /// Lets the client do what is due.
  void poll(Millis now);
  void on_conflict(const Mac& other, Millis now) { client_.on_conflict(other, now); }
  void be_patient(Millis until) { client_.be_patient(until); }
  void hurry(Millis now) { client_.hurry(now); }
  const Client& client() const { return client_; }

 private:
  Status listen(Millis now);
  void send(Bytes packet, Ipv4 to, uint16_t port) override;
  void bound(const DhcpReply& ack) override { on_bound_(ack); }

  netif& interface_;
  Client client_;
  std::function<void(const DhcpReply&)> on_bound_;
  Millis now_{0};  ///< of the last event
};

}  // namespace hawser::dhcp
