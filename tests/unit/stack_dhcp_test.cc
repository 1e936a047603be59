// Leases in the network stack: DHCP over a fake wire, conflicts, renewal, expiry.
#include <gtest/gtest.h>

#include "lwip/dns.h"
#include "tests/fakes/stack_fixture.h"

namespace hawser::stack {
namespace {

using namespace fakes;

/// A server on the wire: leases kLeased, or the address after it once that was declined.
struct DhcpWireTest : StackTest {
  Ipv4 next = kLeased;
  bool silent = false;
  bool lease_ends = false;
  size_t seen = 0;
  std::vector<int> types;

  void SetUp() override { ASSERT_TRUE(net0().open().ok()); }

  void serve() {
    for (; seen < nic->sent.size(); ++seen) {
      Frame request = udp_payload(nic->sent[seen], 67);
      if (request.empty()) continue;
      Sent packet{request, {}, 67};
      types.push_back(packet.type());
      if (packet.type() == 4) next.bytes[3]++;
      if (silent || packet.type() == 4) continue;
      Reply reply;
      reply.xid = packet.xid();
      reply.yiaddr = next;
      reply.siaddr = kServer;
      reply.file = "boot.ipxe";
      reply.option(53, {uint8_t(packet.type() == 1 ? 2 : 5)}).option(54, kServer);
      reply.option(1, {255, 255, 255, 0}).option(3, kServer).option(6, kOtherServer);
      reply.option(15, "lab.example");
      if (lease_ends) reply.option(51, {0, 0, 0, 120});
      // By unicast to an address that the client does not have yet.
      nic->arrive(udp_frame({kPeerMac, kServer}, 67, {kOurMac, next}, 68, reply.bytes()));
    }
  }
  void run_serving(int64_t ms) {
    Millis end = platform.now() + Millis{ms};
    loop.run_until([&] {
      serve();
      return reached(end, platform.now());
    });
  }
  std::unique_ptr<DhcpTask> lease() {
    auto task = network->start_dhcp(net0(), {});
    loop.run_until([&] {
      serve();
      return task->done();
    });
    return task;
  }
};

TEST_F(DhcpWireTest, ConfiguresTheInterface) {
  EXPECT_FALSE(network->pollable().busy());
  auto task = network->start_dhcp(net0(), {});
  EXPECT_FALSE(task->done());
  EXPECT_TRUE(network->pollable().busy());
  EXPECT_EQ(task->note(), "discovering");
  Millis start = platform.now();
  loop.run_until([&] {
    serve();
    return task->done();
  });
  EXPECT_LT((platform.now() - start).ms, 20);
  ASSERT_TRUE(task->outcome().ok()) << task->outcome().error().text;
  EXPECT_FALSE(network->pollable().busy());
  EXPECT_EQ(net0().config().address, kLeased);
  EXPECT_EQ(net0().config().gateway, kServer);
  EXPECT_EQ(net0().dhcp_reply()->filename(), "boot.ipxe");
  EXPECT_EQ(full_host_name("files"), "files.lab.example");
  EXPECT_EQ(full_host_name("a.b"), "a.b");
  EXPECT_EQ(full_host_name("::1"), "::1");
  EXPECT_EQ(ip_2_ip4(dns_getserver(0))->addr, lwip_htonl(kOtherServer.host_order()));
  network->set_dns({kServer}, "other");
  EXPECT_EQ(full_host_name("files"), "files.other");
  EXPECT_EQ(ip_2_ip4(dns_getserver(0))->addr, lwip_htonl(kServer.host_order()));
  EXPECT_TRUE(ip_addr_isany(dns_getserver(1)));
  // The request came from 0.0.0.0 to everyone, and the address is probed for by ARP.
  EXPECT_EQ(Frame(nic->sent[0].begin() + 26, nic->sent[0].begin() + 34),
            (Frame{0, 0, 0, 0, 255, 255, 255, 255}));
  Frame probe = arp_frame(1, {kOurMac, {}}, {{}, kLeased});
  EXPECT_NE(std::find(nic->sent.begin(), nic->sent.end(), probe), nic->sent.end());
  task.reset();
  EXPECT_EQ(net0().config().address, kLeased) << "the lease outlives the task";
  net0().close();
  EXPECT_TRUE(net0().config().address.any());
  EXPECT_FALSE(net0().dhcp_reply());
  EXPECT_TRUE(ip_addr_isany(dns_getserver(1)));
}

TEST_F(DhcpWireTest, SilenceIsExplainedAndTheTaskCanBeDropped) {
  silent = true;
  auto task = lease();
  ASSERT_FALSE(task->outcome().ok());
  EXPECT_EQ(task->outcome().error().code, Errc::TimedOut);
  EXPECT_EQ(task->outcome().error().text,
            "net0: no DHCP answer in 15 s: 4 DISCOVERs sent, 0 offers; check the cable, VLAN and "
            "that a DHCP server serves this network");
  nic->plugged = false;
  EXPECT_NE(task->outcome().error().text.find("; the link is down"), std::string::npos);
  task = network->start_dhcp(net0(), {});
  task.reset();
  size_t sent = nic->sent.size();
  run(5000);
  EXPECT_EQ(nic->sent.size(), sent);
  EXPECT_FALSE(network->pollable().busy());
}

TEST_F(DhcpWireTest, StartingAgainOrClosingEndsTheFirstTask) {
  silent = true;
  auto first = network->start_dhcp(net0(), {});
  auto second = network->start_dhcp(net0(), {});
  EXPECT_TRUE(first->done());
  EXPECT_EQ(first->outcome().error().code, Errc::Cancelled);
  first.reset();
  EXPECT_FALSE(second->done());
  net0().close();
  EXPECT_TRUE(second->done());
  EXPECT_EQ(second->outcome().error().code, Errc::Cancelled);
  auto third = network->start_dhcp(net0(), {});
  EXPECT_TRUE(third->done());
  EXPECT_EQ(third->outcome().error().code, Errc::NotConnected);
}

TEST_F(DhcpWireTest, ConflictIsDeclinedAndAnotherAddressLeased) {
  auto task = lease();
  ASSERT_EQ(net0().config().address, kLeased);
  nic->arrive(arp_frame(2, {kPeerMac, kLeased}, {kOurMac, {}}));
  run_serving(10);
  EXPECT_TRUE(net0().config().address.any());
  EXPECT_TRUE(platform.printed("net0: DHCP address 10.0.2.15 is in use by 02:00:00:00:00:09"))
      << platform.screen();
  run_serving(1100);
  EXPECT_EQ(types, (std::vector{1, 3, 4, 1, 3}));
  EXPECT_EQ(to_string(net0().config().address), "10.0.2.16");
  EXPECT_TRUE(platform.printed("net0: leased 10.0.2.16"));
}

TEST_F(DhcpWireTest, OwnAndForeignArpIsNoConflict) {
  auto task = lease();
  nic->arrive(arp_frame(1, {kOurMac, kLeased}, {{}, kServer}));
  nic->arrive(arp_frame(1, {kPeerMac, kServer}, {{}, kLeased}));
  nic->arrive(udp_frame({kPeerMac, kLeased}, 1, {kOurMac, kLeased}, 2, Frame(10)));
  run_serving(100);
  EXPECT_EQ(net0().config().address, kLeased);
}

TEST_F(DhcpWireTest, LeaseIsRenewedAtThreeQuarters) {
  lease_ends = true;
  auto task = lease();
  run_serving(89'000);
  EXPECT_EQ(types, (std::vector{1, 3}));
  run_serving(2'000);
  EXPECT_EQ(types, (std::vector{1, 3, 1, 3}));
  EXPECT_TRUE(task->done());
  run_serving(60'000);
  EXPECT_EQ(net0().config().address, kLeased);
  EXPECT_EQ(platform.screen(), "");
}

TEST_F(DhcpWireTest, ExpiredLeaseIsGivenUpWithANote) {
  lease_ends = true;
  auto task = lease();
  silent = true;
  run_serving(119'000);
  EXPECT_EQ(net0().config().address, kLeased);
  run_serving(2'000);
  EXPECT_TRUE(net0().config().address.any());
  EXPECT_TRUE(platform.printed("the lease of 10.0.2.15 ran out and was not renewed"));
}

}  // namespace
}  // namespace hawser::stack
