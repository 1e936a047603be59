// VLAN interfaces over a trunk on a fake wire: tags out and in, life and death.
#include "net/stack/vlan.h"

#include <gtest/gtest.h>

#include "tests/fakes/stack_fixture.h"

namespace hawser::stack {
namespace {

using namespace fakes;

Frame tagged(Frame frame, uint16_t tag) {
  const uint8_t bytes[] = {0x81, 0x00, uint8_t(tag >> 8), uint8_t(tag)};
  frame.insert(frame.begin() + 12, std::begin(bytes), std::end(bytes));
  return frame;
}

TEST(Vlan, TagsAreReadAndRemoved) {
  Frame plain = arp_frame(1, {kPeerMac, kServer}, {kOurMac, kLeased});
  EXPECT_EQ(vlan_of(plain), std::nullopt);
  Frame frame = tagged(plain, 0x6064);
  EXPECT_EQ(vlan_of(frame), 100);
  for (size_t n = 0; n < 18; ++n) EXPECT_EQ(vlan_of(Bytes(frame).first(n)), std::nullopt) << n;
  EXPECT_EQ(remove_tag(frame.data(), uint32_t(frame.size())), plain.size());
  frame.resize(plain.size());
  EXPECT_EQ(frame, plain);
}

struct VlanTest : StackTest {
  Interface& create(uint16_t vlan, uint8_t priority = 0) {
    auto made = network->create_vlan(net0(), vlan, priority);
    EXPECT_TRUE(made.ok());
    return *made.value();
  }
  IpConfig address() { return {kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}; }
  Frame question() { return arp_frame(1, {kPeerMac, kServer}, {{}, kLeased}); }
};

TEST_F(VlanTest, FramesTravelWithTheirTag) {
  Interface& vlan = create(100, 3);
  EXPECT_EQ(vlan.name(), "net0-100");
  EXPECT_EQ(to_string(vlan.nic().mac()), to_string(kOurMac));
  EXPECT_EQ(vlan.pci_device(), 0x100e);
  ASSERT_TRUE(vlan.open().ok());
  EXPECT_TRUE(net0().is_open());
  EXPECT_EQ(network->last_opened(), &vlan);
  ASSERT_TRUE(vlan.configure(address()).ok());
  nic->sent.clear();
  size_t spare = spare_buffers();
  for (uint16_t other : {101, 0, 0xfff}) nic->arrive(tagged(question(), other));
  nic->arrive(question());
  nic->arrive(tagged(tagged(question(), 100), 100));
  run(5);
  EXPECT_EQ(nic->sent.size(), 0u) << "not for this VLAN";
  nic->arrive(tagged(question(), 100));
  nic->arrive(tagged(question(), 0x2064));  // the other side may use any priority
  run(5);
  ASSERT_EQ(nic->sent.size(), 2u);
  Frame answer = nic->sent[0];
  EXPECT_EQ((Frame{answer.begin() + 12, answer.begin() + 18}),
            (Frame{0x81, 0x00, 0x60, 0x64, 0x08, 0x06}));
  EXPECT_EQ(answer[25], 2) << "an ARP answer";
  EXPECT_EQ(spare_buffers(), spare);
  EXPECT_EQ(vlan.nic().counters().rx_frames, 3u);
}

TEST_F(VlanTest, APriorityWithoutAVlanIsForTheTrunk) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure(address()).ok());
  nic->sent.clear();
  nic->arrive(tagged(question(), 0xe000));
  run(5);
  EXPECT_EQ(nic->sent.size(), 1u);
}

TEST_F(VlanTest, InterfacesComeAndGo) {
  Interface& vlan = create(7);
  EXPECT_EQ(&create(7, 5), &vlan) << "it is there already";
  EXPECT_EQ(network->find("net0-7"), &vlan);
  EXPECT_EQ(network->interfaces().size(), 3u);
  EXPECT_EQ(network->create_vlan(vlan, 8, 0).error().code, Errc::Invalid);
  EXPECT_EQ(network->destroy_vlan(net0()).error().code, Errc::Invalid);
  ASSERT_TRUE(vlan.open().ok());
  net0().close();
  EXPECT_FALSE(vlan.is_open()) << "nothing carries its frames";
  EXPECT_EQ(vlan.nic().link(), Link::Down);
  ASSERT_TRUE(vlan.open().ok());
  ASSERT_TRUE(network->destroy_vlan(vlan).ok());
  EXPECT_EQ(network->find("net0-7"), nullptr);
  EXPECT_EQ(network->interfaces().size(), 2u);
  EXPECT_EQ(network->last_opened(), &net0());
  EXPECT_EQ(&create(7), &vlan);
  EXPECT_FALSE(vlan.is_open());
  ASSERT_TRUE(vlan.open().ok());
  network->shut_down();
  EXPECT_FALSE(vlan.is_open());
  EXPECT_FALSE(nic->is_open());
}

TEST_F(VlanTest, NoneOverACardThatDropsTags) {
  nic->carries_tags = false;
  EXPECT_EQ(network->create_vlan(net0(), 7, 0).error().code, Errc::Unsupported);
  EXPECT_EQ(network->find("net0-7"), nullptr);
}

TEST_F(VlanTest, WatchersSeeFramesFirst) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure(address()).ok());
  nic->sent.clear();
  size_t seen = 0;
  bool keep = true;
  net0().watch([&](Bytes frame) {
    seen += frame.size();
    return keep;
  });
  nic->arrive(question());
  run(5);
  EXPECT_EQ(seen, question().size());
  EXPECT_EQ(nic->sent.size(), 0u);
  keep = false;
  nic->arrive(question());
  run(5);
  EXPECT_EQ(nic->sent.size(), 1u);
  net0().watch({});
  nic->arrive(question());
  run(5);
  EXPECT_EQ(seen, 2 * question().size());
}

TEST_F(VlanTest, NeighboursAreWhoAnswered) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure(address()).ok());
  EXPECT_TRUE(network->neighbours().empty());
  nic->arrive(question());  // asking for us tells as well
  run(5);
  auto known = network->neighbours();
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].interface, "net0");
  EXPECT_EQ(known[0].address, kServer);
  EXPECT_EQ(known[0].mac, kPeerMac);
}

}  // namespace
}  // namespace hawser::stack
