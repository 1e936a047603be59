// Servers for the fetcher's test, on the other end of a fake wire and in the same lwIP: HTTP with
// canned answers, TFTP with windows, DNS with one name.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "src/base/bytes.h"
#include "src/base/format.h"

namespace hawser::fakes {

inline std::string text_of_chain(pbuf* chain) {
  std::string text(chain->tot_len, '\0');
  pbuf_copy_partial(chain, text.data(), chain->tot_len, 0);
  pbuf_free(chain);
  return text;
}

class HttpServer {
 public:
  struct Answer {
    std::string text;
    enum class Then { Stay, Close, Reset } then = Then::Stay;
  };
  std::function<Answer(const std::string& request)> answer;
  std::vector<std::string> requests;
  int connections = 0;

  HttpServer(netif* card, const ip_addr_t& address) : card_(card) {
    tcp_pcb* pcb = tcp_new();
    tcp_bind(pcb, &address, 80);
    tcp_bind_netif(pcb, card);
    listener_ = tcp_listen(pcb);
    tcp_arg(listener_, this);
    tcp_accept(listener_, [](void* self, tcp_pcb* pcb, err_t) -> err_t {
      static_cast<HttpServer*>(self)->accept(pcb);
      return ERR_OK;
    });
  }
  ~HttpServer() {
    if (listener_) tcp_close(listener_);
    while (!clients_.empty()) tcp_abort(clients_.back()->pcb);
  }
  /// Nobody listens any more: new connections are refused.
  void stop_listening() {
    tcp_close(listener_);
    listener_ = nullptr;
  }
  void close_connections() {
    for (auto& client : clients_) tcp_shutdown(client->pcb, 0, 1);
  }

 private:
  struct Client {
    HttpServer* server;
    tcp_pcb* pcb;
    std::string request, unsent;
    Answer::Then then = Answer::Then::Stay;
    size_t at = 0;  ///< of what is unsent
  };
  void accept(tcp_pcb* pcb) {
    ++connections;
    tcp_bind_netif(pcb, card_);
    clients_.push_back(std::make_unique<Client>(Client{this, pcb, "", "", Answer::Then::Stay, 0}));
    tcp_arg(pcb, clients_.back().get());
    tcp_recv(pcb, [](void* self, tcp_pcb* pcb, pbuf* chain, err_t) -> err_t {
      if (!self) {  // closed by us
        if (chain) pbuf_free(chain);
        return ERR_OK;
      }
      auto& client = *static_cast<Client*>(self);
      if (!chain) return client.server->forget(client), tcp_arg(pcb, nullptr), tcp_close(pcb);
      tcp_recved(pcb, chain->tot_len);
      client.request += text_of_chain(chain);
      if (!client.request.ends_with("\r\n\r\n")) return ERR_OK;
      client.server->requests.push_back(client.request);
      Answer answer = client.server->answer(client.request);
      client.request.clear();
      client.unsent = answer.text;
      client.at = 0;
      client.then = answer.then;
      return push(client);
    });
    tcp_sent(pcb, [](void* self, tcp_pcb*, u16_t) -> err_t {
      return self ? push(*static_cast<Client*>(self)) : err_t{ERR_OK};
    });
    tcp_err(pcb, [](void* self, err_t) {
      if (self) static_cast<Client*>(self)->server->forget(*static_cast<Client*>(self));
    });
  }
  static err_t push(Client& client) {
    while (client.at < client.unsent.size() && tcp_sndbuf(client.pcb) > 0) {
      size_t left = client.unsent.size() - client.at;
      size_t part = std::min<size_t>({left, tcp_sndbuf(client.pcb), 1460});
      const char* from = client.unsent.data() + client.at;
      if (tcp_write(client.pcb, from, u16_t(part), TCP_WRITE_FLAG_COPY) != ERR_OK) break;
      client.at += part;
    }
    tcp_output(client.pcb);
    bool acknowledged = client.pcb->unacked == nullptr && client.pcb->unsent == nullptr;
    if (client.at < client.unsent.size() || !acknowledged || client.then == Answer::Then::Stay)
      return ERR_OK;
    tcp_pcb* pcb = client.pcb;
    bool reset = client.then == Answer::Then::Reset;
    tcp_arg(pcb, nullptr);
    client.server->forget(client);
    if (!reset) return tcp_close(pcb);
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  void forget(Client& client) {
    clients_.erase(std::find_if(clients_.begin(), clients_.end(),
                                [&client](const auto& each) { return each.get() == &client; }));
  }

  netif* card_;
  tcp_pcb* listener_;
  std::vector<std::unique_ptr<Client>> clients_;
};

/// Answers from its own port, with windows (RFC 7440). Knows one file.
class TftpServer {
 public:
  std::string file;
  std::vector<std::string> requests;
  int errors_received = 0;

  TftpServer(netif* card, const ip_addr_t& address) {
    for (udp_pcb** pcb : {&listener_, &transfer_}) {
      *pcb = udp_new();
      udp_bind(*pcb, &address, pcb == &listener_ ? 69 : 3000);
      udp_bind_netif(*pcb, card);
      udp_recv(
          *pcb,
          [](void* self, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t port) {
            static_cast<TftpServer*>(self)->serve(text_of_chain(packet), *from, port);
          },
          this);
    }
  }
  ~TftpServer() {
    udp_remove(listener_);
    udp_remove(transfer_);
  }

 private:
  void serve(const std::string& packet, const ip_addr_t& from, uint16_t port) {
    using namespace std::string_literals;
    if (packet[1] == 5) ++errors_received;
    if (packet[1] == 1) {
      requests.push_back(packet);
      if (packet.find("\1file\0"s) == packet.npos)
        return send("\0\5\0\1no such file here\0"s, from, port);
      return send(
          "\0\6blksize\0"s
          "1000\0tsize\0"s +
              decimal(uint64_t(file.size())) +
              "\0windowsize\0"s
              "8\0"s,
          from, port);
    }
    if (packet[1] != 4) return;
    size_t block = size_t(uint8_t(packet[2])) << 8 | uint8_t(packet[3]);
    for (size_t i = 0; i < 8 && (block + i) * 1000 <= file.size(); ++i) {
      std::string header{0, 3, char((block + i + 1) >> 8), char(block + i + 1)};
      send(header + file.substr((block + i) * 1000, 1000), from, port);
    }
  }
  void send(const std::string& text, const ip_addr_t& to, uint16_t port) {
    pbuf* packet = pbuf_alloc(PBUF_TRANSPORT, u16_t(text.size()), PBUF_RAM);
    pbuf_take(packet, text.data(), u16_t(text.size()));
    udp_sendto(transfer_, packet, &to, port);
    pbuf_free(packet);
  }
  udp_pcb* listener_;
  udp_pcb* transfer_;
};

/// Knows "boot.example"; every other name does not exist (RFC 1035 §4).
class DnsServer {
 public:
  bool silent = false;

  DnsServer(netif* card, const ip_addr_t& address, std::string host_address)
      : host_address_(std::move(host_address)) {
    pcb_ = udp_new();
    udp_bind(pcb_, &address, 53);
    udp_bind_netif(pcb_, card);
    udp_recv(
        pcb_,
        [](void* self, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t port) {
          static_cast<DnsServer*>(self)->serve(text_of_chain(packet), *from, port);
        },
        this);
  }
  ~DnsServer() { udp_remove(pcb_); }

 private:
  void serve(std::string packet, const ip_addr_t& from, uint16_t port) {
    using namespace std::string_literals;
    if (silent) return;
    bool known = packet.find("\4boot\7example\0"s) != packet.npos;
    packet[2] = char(0x81);
    packet[3] = known ? char(0x80) : char(0x83);
    if (known) {
      packet[7] = 1;
      packet += "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4"s + host_address_;
    }
    pbuf* reply = pbuf_alloc(PBUF_TRANSPORT, u16_t(packet.size()), PBUF_RAM);
    pbuf_take(reply, packet.data(), u16_t(packet.size()));
    udp_sendto(pcb_, reply, &from, port);
    pbuf_free(reply);
  }
  std::string host_address_;
  udp_pcb* pcb_;
};

}  // namespace hawser::fakes
