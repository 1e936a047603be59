#include "net/stack/udp_port.h"

#include <utility>
#include <vector>

#include "lwip/ip.h"
#include "lwip/udp.h"
#include "src/base/format.h"

namespace hawser::stack {
namespace {

constexpr size_t kMostWaiting = 32;

Ipv4 ours(const ip_addr_t& address) {
  return Ipv4::from_host_order(lwip_ntohl(ip4_addr_get_u32(&address)));
}

class Port final : public UdpPort {
 public:
  explicit Port(udp_pcb* socket) : socket_(socket) { udp_recv(socket_, on_datagram, this); }
  ~Port() override { udp_remove(socket_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  Status send(Ipv4 to, uint16_t port, Bytes data) override {
    pbuf* buffer = pbuf_alloc(PBUF_TRANSPORT, u16_t(data.size()), PBUF_RAM);
    if (!buffer) return Error{Errc::NoMemory, "no memory for a datagram"};
    pbuf_take(buffer, data.data(), u16_t(data.size()));
    ip_addr_t address = IPADDR4_INIT(lwip_htonl(to.host_order()));
    err_t error = udp_sendto(socket_, buffer, &address, port);
    pbuf_free(buffer);
    if (error == ERR_OK) return ok_status();
    return Error{Errc::Unreachable, cat("cannot send to ", to_string(to))};
  }

  std::optional<Datagram> receive() override {
    if (waiting_.empty()) return std::nullopt;
    Datagram first = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    return first;
  }

 private:
  static void on_datagram(void* self, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t port) {
    auto& waiting = static_cast<Port*>(self)->waiting_;
    if (waiting.size() < kMostWaiting) {
      Datagram datagram{ours(*from), ours(*ip_current_dest_addr()), port, {}};
      datagram.data.resize(packet->tot_len);
      pbuf_copy_partial(packet, datagram.data.data(), packet->tot_len, 0);
      waiting.push_back(std::move(datagram));
    }
    pbuf_free(packet);
  }

  udp_pcb* socket_;
  std::vector<Datagram> waiting_;
};

}  // namespace

Result<std::unique_ptr<UdpPort>> open_udp_port(uint16_t port) {
  udp_pcb* socket = udp_new();
  if (!socket) return Error{Errc::NoMemory, "no memory for a UDP port"};
  if (udp_bind(socket, IP4_ADDR_ANY, port) != ERR_OK) {
    udp_remove(socket);
    return Error{Errc::AddressNotAvailable, cat("UDP port ", port, " is in use")};
  }
  return std::unique_ptr<UdpPort>(std::make_unique<Port>(socket));
}

}  // namespace hawser::stack
