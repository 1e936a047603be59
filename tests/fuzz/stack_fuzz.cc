// Plays arbitrary frames to the network stack while an address is asked for, a name is resolved and
// a TCP connection is open. Whatever comes: no assertion of lwIP's fails, and every receive buffer
// finds its way back to the pool.
//
// Input: frames of a kind byte, a length byte (times 8) and that many bytes.
#include <cstdlib>

#include "lwip/dns.h"
#include "lwip/tcp.h"
#include "net/stack/stack.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/wire.h"
#include "tests/fuzz/check.h"

namespace {

using namespace hawser;
using fuzz::check;
using namespace hawser::fakes;

constexpr Host kUs{{{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, {{10, 0, 2, 15}}};
constexpr Host kPeer{{{2, 0, 0, 0, 0, 9}}, {{10, 0, 2, 2}}};
constexpr uint64_t kRam = 64u << 20;
enum Kind : uint8_t { Raw, Ipv4Packet, UdpDatagram, TcpSegment, Pause };

/// Adds up a checksum over the pseudo header and puts it where the protocol wants it.
void seal(Frame& frame, size_t ip_at, size_t at, uint8_t protocol) {
  Frame pseudo(frame.begin() + ip_at + 12, frame.begin() + ip_at + 20);
  size_t length = frame.size() - at;
  append(pseudo, Frame{0, protocol, uint8_t(length >> 8), uint8_t(length)});
  pseudo.insert(pseudo.end(), frame.begin() + at, frame.end());
  size_t field = at + (protocol == 6 ? 16 : 6);
  write_le(&frame[field], uint16_t(~stack::checksum_sum(pseudo)));
}

Frame ipv4(Bytes payload, uint8_t protocol, uint16_t fragment) {
  Frame frame;
  append(frame, kUs.mac.bytes);
  append(frame, kPeer.mac.bytes);
  size_t total = 20 + payload.size();
  append(frame, Frame{8, 0, 0x45, 0, uint8_t(total >> 8), uint8_t(total), 0, 1,
                      uint8_t(fragment >> 8), uint8_t(fragment), 64, protocol, 0, 0});
  append(frame, kPeer.address.bytes);
  append(frame, kUs.address.bytes);
  write_le(&frame[24], uint16_t(~stack::checksum_sum(Bytes{frame}.subspan(14, 20))));
  append(frame, payload);
  return frame;
}

struct World {
  FakePlatform platform{kRam};
  Loop loop{platform};
  WireNic* nic = nullptr;
  std::unique_ptr<Network> network;
  tcp_pcb* connection = nullptr;

  World() {
    std::vector<stack::NicEntry> entries(1);
    auto card = std::make_unique<WireNic>(kUs.mac, 64);
    nic = card.get();
    entries[0].nic = std::move(card);
    network = stack::make_network(platform, loop, std::move(entries));
    check(net0().open().ok());
    IpConfig config{kUs.address, {{255, 255, 255, 0}}, kPeer.address, {kPeer.address}, "lab", {}};
    check(net0().configure(config).ok());
  }
  Interface& net0() { return *network->find("net0"); }

  void connect() {
    connection = tcp_new();
    tcp_arg(connection, this);
    tcp_recv(connection, [](void* self, tcp_pcb* pcb, pbuf* data, err_t) -> err_t {
      if (!data) {
        static_cast<World*>(self)->connection = nullptr;
        tcp_abort(pcb);
        return ERR_ABRT;
      }
      tcp_recved(pcb, data->tot_len);
      pbuf_free(data);
      return ERR_OK;
    });
    tcp_err(connection, [](void* self, err_t) { static_cast<World*>(self)->connection = nullptr; });
    ip_addr_t address = IPADDR4_INIT_BYTES(10, 0, 2, 2);
    check(tcp_connect(connection, &address, 80, [](void*, tcp_pcb* pcb, err_t) -> err_t {
            return tcp_write(pcb, "GET / HTTP/1.1\r\n\r\n", 18, 0);
          }) == ERR_OK);
  }

  size_t spare_buffers() {
    std::vector<RxBuffer*> taken;
    while (RxBuffer* buffer = nic->port()->take()) taken.push_back(buffer);
    for (RxBuffer* buffer : taken) nic->port()->give_back(buffer);
    return taken.size();
  }
  void pass(int64_t ms) {
    platform.advance({ms});
    loop.poll_once();
  }

  /// A segment near what the connection expects: flags, distance of sequence and acknowledgement,
  /// length of options, then options and data.
  Frame segment(Bytes body) {
    Frame tcp(20);
    uint32_t seq = 0, ack = 0;
    uint16_t port = 0;
    if (connection) {
      seq = connection->rcv_nxt, ack = connection->snd_nxt, port = connection->local_port;
    }
    if (body.size() < 8) return {};
    seq += uint32_t(int32_t(int16_t(*read_be<uint16_t>(body, 1))));
    ack += uint32_t(int32_t(int8_t(body[3])));
    size_t options = std::min<size_t>({size_t(body[4] & 15) * 4, 40, (body.size() - 8) & ~3u});
    write_be(&tcp[0], uint16_t{80});
    write_be(&tcp[2], port);
    write_be(&tcp[4], seq);
    write_be(&tcp[8], ack);
    tcp[12] = uint8_t((5 + options / 4) << 4);
    tcp[13] = body[0];
    tcp[14] = body[5], tcp[15] = body[6];
    append(tcp, body.subspan(8));
    Frame frame = ipv4(tcp, 6, 0);
    seal(frame, 14, 34, 6);
    return frame;
  }

  /// An answer to the last question that was asked, as far as port and identifier go.
  Frame dns_answer(Bytes body) {
    Frame answer(body.begin(), body.end());
    uint16_t port = 53;
    for (const Frame& frame : nic->sent) {
      Frame question = udp_payload(frame, 53);
      if (question.size() < 2 || answer.size() < 2) continue;
      port = *read_be<uint16_t>(frame, 34);
      answer[0] = question[0], answer[1] = question[1];
    }
    return udp_frame(kPeer, 53, kUs, port, answer);
  }

  Frame make(uint8_t kind, Bytes body) {
    switch (kind % 5) {
      case Ipv4Packet: {
        if (body.size() < 4) return {};
        uint16_t fragment = *read_be<uint16_t>(body, 1);
        return ipv4(body.subspan(3), body[0], fragment);
      }
      case UdpDatagram: {
        if (body.size() < 2) return {};
        if (body[0] & 1) return dns_answer(body.subspan(2));
        return udp_frame(kPeer, body[0] & 2 ? 4011 : 67, kUs, 68, body.subspan(2));
      }
      case TcpSegment:
        return segment(body);
      default:
        return Frame(body.begin(), body.end());
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  World world;
  world.pass(1);
  size_t spare = world.spare_buffers();
  auto dhcp = world.network->start_dhcp(world.net0(), {});
  ip_addr_t resolved;
  dns_gethostbyname(
      "files.lab", &resolved, [](const char*, const ip_addr_t*, void*) {}, nullptr);
  world.connect();
  world.nic->arrive(arp_frame(2, kPeer, kUs));
  world.pass(1);

  Bytes input{data, size};
  while (input.size() >= 2) {
    uint8_t kind = input[0];
    size_t length = std::min<size_t>(size_t{input[1]} * 8, input.size() - 2);
    Bytes body = input.subspan(2, length);
    input = input.subspan(2 + length);
    if (kind % 5 == Pause) {
      world.pass(int64_t{kind} * 10);
      continue;
    }
    Frame frame = world.make(kind, body);
    if (frame.size() <= kRxBufferBytes) world.nic->arrive(std::move(frame));
    world.pass(1);
  }

  dhcp.reset();
  if (world.connection) tcp_abort(world.connection);
  for (int second = 0; second < 70; ++second) world.pass(1000);  // fragments are given up by then
  check(world.nic->ring_fill() == 64);
  check(world.spare_buffers() == spare);
  return 0;
}
