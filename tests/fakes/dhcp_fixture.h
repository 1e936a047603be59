// What the tests of the DHCP client share: a client on a fake wire, and its time.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "net/dhcp/client.h"
#include "tests/fakes/dhcp_wire.h"

namespace hawser::dhcp {

inline constexpr int kDiscover = 1, kRequest = 3, kDecline = 4;

struct DhcpTest : testing::Test {
  fakes::DhcpWire wire;
  Client client{wire, fakes::client_settings()};
  Millis now{1000};

  void receive(const fakes::Reply& reply, Ipv4 from = fakes::kServer, uint16_t port = 67) {
    client.on_packet(reply.bytes(), from, port, now);
  }
  void wait(int64_t ms) {
    for (int64_t i = 0; i < ms; ++i) {
      now = now + Millis{1};
      client.on_deadline(now);
    }
  }
  std::vector<int> types() const {
    std::vector<int> types;
    for (const fakes::Sent& packet : wire.sent) types.push_back(packet.type());
    return types;
  }
};

}  // namespace hawser::dhcp
