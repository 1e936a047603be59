#include "net/dhcp/lwip_link.h"

#include <algorithm>
#include <vector>

#include "lwip/ip.h"
#include "lwip/sys.h"
#include "lwip/udp.h"

namespace hawser::dhcp {
namespace {

/// Port 68 is one for all interfaces: packets go to the link of the interface they came in on.
struct ClientPort {
  udp_pcb* socket = nullptr;
  std::vector<std::pair<netif*, std::function<void(Bytes, Ipv4, uint16_t)>>> receivers;
};
ClientPort& port() {
  static ClientPort& shared = *new ClientPort;  // never destroyed: there is no exit
  return shared;
}

Ipv4 from_lwip(const ip4_addr_t& address) {
  return Ipv4::from_host_order(lwip_ntohl(ip4_addr_get_u32(&address)));
}

ip_addr_t to_lwip(Ipv4 address) {
  ip_addr_t result = IPADDR4_INIT(lwip_htonl(address.host_order()));
  return result;
}

void on_datagram(void*, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t from_port) {
  std::vector<uint8_t> bytes(packet->tot_len);
  pbuf_copy_partial(packet, bytes.data(), packet->tot_len, 0);
  pbuf_free(packet);
  Ipv4 source = from_lwip(*from);
  for (auto& [interface, receive] : port().receivers)
    if (interface == ip_current_input_netif()) return receive(bytes, source, from_port);
}

}  // namespace

LwipLink::LwipLink(netif& interface, ClientSettings settings,
                   std::function<void(const DhcpReply&)> on_bound)
    : interface_(interface), client_(*this, std::move(settings)), on_bound_(std::move(on_bound)) {}

LwipLink::~LwipLink() {
  auto& receivers = port().receivers;
  receivers.erase(std::remove_if(receivers.begin(), receivers.end(),
                                 [this](const auto& r) { return r.first == &interface_; }),
                  receivers.end());
  if (!receivers.empty() || !port().socket) return;
  udp_remove(port().socket);
  port().socket = nullptr;
}

Status LwipLink::start(Millis now) {
  TRY(listen(now));
  client_.start(now);
  return ok_status();
}

Status LwipLink::adopt(Millis now, DhcpReply ack, std::optional<DhcpReply> proxy) {
  TRY(listen(now));
  client_.adopt(std::move(ack), std::move(proxy));
  return ok_status();
}

Status LwipLink::listen(Millis now) {
  now_ = now;
  if (!port().socket) {
    udp_pcb* socket = udp_new();
    if (!socket) return Error{Errc::NoMemory, "no memory for the DHCP socket"};
    if (udp_bind(socket, IP4_ADDR_ANY, kClientPort) != ERR_OK) {
      udp_remove(socket);
      return Error{Errc::AddressNotAvailable, "UDP port 68 is in use"};
    }
    udp_recv(socket, on_datagram, nullptr);
    port().socket = socket;
  }
  port().receivers.push_back({&interface_, [this](Bytes packet, Ipv4 from, uint16_t from_port) {
                                client_.on_packet(packet, from, from_port, now_);
                              }});
  return ok_status();
}

void LwipLink::poll(Millis now) {
  now_ = now;
  client_.on_deadline(now);
}

void LwipLink::send(Bytes packet, Ipv4 to, uint16_t to_port) {
  // A packet that cannot be sent now is like one that got lost: the client sends it again.
  pbuf* buffer = pbuf_alloc(PBUF_TRANSPORT, u16_t(packet.size()), PBUF_RAM);
  if (!buffer) return;
  pbuf_take(buffer, packet.data(), u16_t(packet.size()));
  ip_addr_t destination = to_lwip(to);
  if (to_port == kServerPort)
    udp_sendto_if_src(port().socket, buffer, &destination, to_port, &interface_, IP4_ADDR_ANY);
  else udp_sendto_if(port().socket, buffer, &destination, to_port, &interface_);
  pbuf_free(buffer);
}

}  // namespace hawser::dhcp
