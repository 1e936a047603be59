// What switches tell about the port we are plugged into, and how DHCP heeds it.
#include "net/stack/switch_port.h"

#include <gtest/gtest.h>

#include "tests/fakes/dhcp_fixture.h"
#include "tests/fakes/stack_fixture.h"

namespace hawser {
namespace {

using Frame = std::vector<uint8_t>;
using stack::SwitchPort, stack::switch_port;

/// A BPDU as a switch sends it, forward delay 15 s: of the first protocol, or of the rapid one.
Frame bpdu(uint8_t type, uint8_t flags, uint8_t delay_s = 15) {
  Frame frame{0x01, 0x80, 0xc2, 0, 0, 0,    2,    0,    0, 0, 0, 1, 0, uint8_t(type ? 39 : 38),
              0x42, 0x42, 0x03, 0, 0, type, type, flags};
  frame.resize(17 + 33);
  frame.insert(frame.end(), {delay_s, 0});
  frame.resize(60);
  return frame;
}
Frame rapid(bool forwarding) { return bpdu(2, forwarding ? 0x3c : 0x0e); }

Frame lacpdu(uint8_t state) {
  Frame frame{0x01, 0x80, 0xc2, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x09, 1, 1, 1, 20};
  frame.resize(124);
  frame[32] = state;
  return frame;
}

TEST(SwitchPort, SpanningTree) {
  auto first = switch_port(bpdu(0, 0));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->protocol, SwitchPort::Protocol::SpanningTree);
  EXPECT_FALSE(first->forwarding);
  EXPECT_EQ(first->wait.ms, 30'000);
  EXPECT_FALSE(switch_port(bpdu(0, 0x3c))->forwarding) << "a flag of the rapid protocol only";
  EXPECT_FALSE(switch_port(rapid(false))->forwarding);
  EXPECT_TRUE(switch_port(rapid(true))->forwarding);
  EXPECT_EQ(switch_port(bpdu(2, 0, 0))->wait.ms, 4'000);
  EXPECT_EQ(switch_port(bpdu(2, 0, 255))->wait.ms, 60'000);
}

TEST(SwitchPort, LinkAggregation) {
  auto waiting = switch_port(lacpdu(0x05));
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->protocol, SwitchPort::Protocol::Lacp);
  EXPECT_FALSE(waiting->forwarding);
  EXPECT_FALSE(switch_port(lacpdu(0x1d))->forwarding) << "collects, but does not distribute";
  EXPECT_TRUE(switch_port(lacpdu(0x3d))->forwarding);
}

TEST(SwitchPort, OtherFramesTellNothing) {
  for (size_t bytes = 0; bytes < 52; ++bytes) {
    Frame cut = rapid(true), lacp = lacpdu(0x3d);
    cut.resize(bytes);
    EXPECT_FALSE(switch_port(cut)) << bytes;
    lacp.resize(std::min<size_t>(bytes, 32));
    EXPECT_FALSE(switch_port(lacp));
  }
  for (size_t at : {0, 5, 12, 14, 15, 16, 17, 18, 20}) {  // each byte that makes it a BPDU
    Frame other = rapid(true);
    other[at] ^= 0x80;
    EXPECT_FALSE(switch_port(other)) << at;
  }
  for (size_t at : {0, 5, 12, 13, 14}) {
    Frame other = lacpdu(0x3d);
    other[at] ^= 0x80;
    EXPECT_FALSE(switch_port(other)) << at;
  }
}

// --- the DHCP client -----------------------------------------------------------------------------

using dhcp::DhcpTest;

TEST_F(DhcpTest, PatienceGoesOnAtShortIntervals) {
  client.start(now);
  client.be_patient(now + Millis{30'000});
  wait(29'000);
  EXPECT_GE(wire.sent.size(), 8u);
  EXPECT_EQ(client.state(), dhcp::Client::State::Discovering);
  wait(30'000);
  ASSERT_EQ(client.state(), dhcp::Client::State::Failed);
  EXPECT_TRUE(client.error().text.starts_with("no DHCP answer in ")) << client.error().text;
  EXPECT_EQ(client.error().text.find(" in 15 s"), std::string::npos) << client.error().text;
}

TEST_F(DhcpTest, HurryAsksAtOnce) {
  client.start(now);
  client.be_patient(now + Millis{30'000});
  wait(12'000);
  size_t before = wire.sent.size();
  client.hurry(now);
  client.on_deadline(now);
  EXPECT_EQ(wire.sent.size(), before + 1);
  receive(wire.offer());
  client.hurry(now);  // an offer is held: nothing to hurry
  EXPECT_EQ(wire.sent.size(), before + 2);
  EXPECT_EQ(client.state(), dhcp::Client::State::Requesting);
}

// --- the interface -------------------------------------------------------------------------------

using stack::StackTest;

size_t count(const std::string& text, std::string_view what) {
  size_t n = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST_F(StackTest, DhcpWaitsForAPortThatDoesNotForwardYet) {
  ASSERT_TRUE(net0().open().ok());
  auto task = network->start_dhcp(net0(), {});
  for (int second = 0; second < 24; second += 2) {
    nic->arrive(rapid(false));
    run(2000);
  }
  EXPECT_FALSE(task->done());
  EXPECT_EQ(count(platform.output(),
                  "net0: the switch port is not forwarding yet (STP); waiting up to 30 s\n"),
            1u);
  size_t before = nic->sent.size();
  nic->arrive(rapid(true));
  run(100);
  EXPECT_EQ(nic->sent.size(), before + 1);
  run(20'000);
  EXPECT_TRUE(task->done()) << "patience is for a port that does not forward";
}

TEST_F(StackTest, PortIsRememberedUntilTheLinkGoes) {
  ASSERT_TRUE(net0().open().ok());
  nic->arrive(lacpdu(0x05));
  run(100);
  EXPECT_EQ(platform.output(), "") << "nobody waits for anything";
  auto task = network->start_dhcp(net0(), {});
  EXPECT_EQ(count(platform.output(), "net0: the switch port wants a partner"), 1u);
  nic->plugged = false;
  run(100);
  nic->plugged = true;
  run(100);
  task = network->start_dhcp(net0(), {});
  EXPECT_EQ(count(platform.output(), "net0: the switch port wants a partner"), 1u);
}

TEST_F(StackTest, WithoutSignsNothingIsWaitedFor) {
  ASSERT_TRUE(net0().open().ok());
  auto task = network->start_dhcp(net0(), {});
  nic->arrive(rapid(true));
  run(16'000);
  EXPECT_TRUE(task->done());
  EXPECT_EQ(platform.output(), "");
}

}  // namespace
}  // namespace hawser
