// Plays arbitrary events to the DHCP client: packets (made to look like answers to it, so that they
// get past the first checks), time, conflicts. Whatever comes, it ends within a bounded time.
//
// Input: events of a kind byte, a length byte (times 4) and that many bytes.
#include <cstdlib>
#include <vector>

#include "net/dhcp/boot_info.h"
#include "net/dhcp/client.h"
#include "tests/fuzz/check.h"

namespace {

using namespace hawser;
using fuzz::check;
using dhcp::Client;

constexpr Mac kMac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
constexpr uint16_t kPorts[] = {67, 4011, 68, 1};
constexpr int64_t kLongestMs = 300'000;

struct Wire : dhcp::Carrier {
  uint32_t xid = 0;
  size_t sent = 0;
  void send(Bytes packet, Ipv4 to, uint16_t port) override {
    check(packet.size() >= 300 && packet.size() <= 1472);
    check(!to.any() && (port == 67 || port == 4011));
    xid = *read_be<uint32_t>(packet, 4);
    ++sent;
  }
  void bound(const DhcpReply& ack) override {
    IpConfig config = dhcp::config_of(ack);
    check(!config.address.any() && !config.netmask.any());
  }
};

/// A packet of the fuzzer's, addressed to this client and with the cookie in place.
std::vector<uint8_t> answer(Bytes bytes, uint32_t xid) {
  std::vector<uint8_t> packet(bytes.begin(), bytes.end());
  if (packet.size() < 240) return packet;
  packet[0] = 2, packet[1] = 1, packet[2] = 6;
  write_be(&packet[4], xid);
  std::copy(kMac.bytes.begin(), kMac.bytes.end(), packet.begin() + 28);
  write_be(&packet[236], uint32_t{0x63825363});
  return packet;
}

void read_everything(const DhcpReply& reply) {
  (void)reply.filename();
  (void)dhcp::config_of(reply);
  (void)dhcp::boot_server_search(reply, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes input{data, size};
  Wire wire;
  dhcp::ClientSettings settings;
  settings.mac = kMac;
  Client client{wire, settings};
  Millis now{0};
  client.start(now);

  while (input.size() >= 2) {
    uint8_t kind = input[0];
    size_t length = std::min<size_t>(size_t{input[1]} * 4, input.size() - 2);
    Bytes body = input.subspan(2, length);
    input = input.subspan(2 + length);
    if (kind < 0x80) {
      auto packet =
          kind & 0x40 ? std::vector<uint8_t>(body.begin(), body.end()) : answer(body, wire.xid);
      if (auto read = dhcp::parse_answer(packet)) read_everything(read->reply);
      client.on_packet(packet, {{10, 0, 2, uint8_t(kind >> 2 & 3)}}, kPorts[kind & 3], now);
    } else if (kind < 0xf0) {
      now = now + Millis{(kind & 0x7f) * 20};
      client.on_deadline(now);
    } else {
      client.on_conflict(kMac, now);
    }
    check(client.done() == (client.deadline() == kNever));
    if (client.state() == Client::State::Bound) check(client.ack().has_value());
    (void)client.note();
  }

  Millis end = now + Millis{kLongestMs};
  while (!client.done()) {
    check(now < end);
    now = std::max(now + Millis{1}, client.deadline());
    client.on_deadline(now);
  }
  check(client.state() == Client::State::Bound || !client.error().text.empty());
  check(wire.sent < 100 + size);
  return 0;
}
