// The lease that the firmware brought along: taken by the interface it belongs to, and by no other.
#include <gtest/gtest.h>

#include "net/stack/stack.h"
#include "src/autoboot.h"
#include "tests/fakes/dhcp_wire.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/wire.h"

namespace hawser::stack {
namespace {

using namespace fakes;

struct FirmwareLease : testing::Test {
  FakePlatform platform;
  Loop loop{platform};
  std::unique_ptr<Network> network;

  static Reply ack() {
    Reply ack;
    ack.yiaddr = kLeased;
    ack.siaddr = kServer;
    ack.file = "hawser.kpxe";
    ack.option(53, {5}).option(54, kServer).option(1, Ipv4{{255, 255, 255, 0}});
    return ack;
  }
  Interface& boot(std::vector<uint8_t> firmware_ack, std::vector<uint8_t> proxy = {},
                  std::optional<uint16_t> vlan = {}) {
    std::vector<NicEntry> nics(2);
    nics[0].nic = std::make_unique<WireNic>(kClientMac);
    nics[0].firmware_ack = std::move(firmware_ack);
    nics[0].firmware_proxy = std::move(proxy);
    nics[0].firmware_vlan = vlan;
    nics[0].bus_location = 0x18;
    nics[1].nic = std::make_unique<WireNic>(Mac{{2, 0, 0, 0, 0, 9}});
    network.reset();
    network = make_network(platform, loop, std::move(nics));
    return *network->find("net0");
  }
};

TEST_F(FirmwareLease, OpensAndConfiguresItsInterface) {
  Interface& net0 = boot(ack().bytes(), ack().bytes());
  EXPECT_TRUE(net0.is_open());
  EXPECT_EQ(net0.config().address, kLeased);
  EXPECT_EQ(to_string(net0.config().netmask), "255.255.255.0");
  ASSERT_TRUE(net0.dhcp_reply());
  EXPECT_EQ(net0.dhcp_reply()->filename(), "hawser.kpxe");
  EXPECT_EQ(net0.dhcp_reply()->siaddr, kServer);
  EXPECT_FALSE(net0.proxy_reply()) << "it is the same answer again";
  EXPECT_EQ(network->last_opened(), &net0);
  EXPECT_FALSE(network->find("net1")->is_open());
  net0.close();
  EXPECT_FALSE(net0.dhcp_reply());
  EXPECT_TRUE(net0.config().address.any());
}

TEST_F(FirmwareLease, BringsTheProxyAnswerToo) {
  Reply proxy;
  proxy.siaddr = kOtherServer;
  proxy.file = "menu";
  proxy.option(60, "PXEClient");
  Interface& net0 = boot(ack().bytes(), proxy.bytes());
  ASSERT_TRUE(net0.proxy_reply());
  EXPECT_EQ(net0.proxy_reply()->filename(), "menu");
}

TEST_F(FirmwareLease, IsIgnoredWhenItCannotBeOurs) {
  Reply foreign = ack(), no_address = ack(), multicast = ack();
  foreign.chaddr.bytes[5] ^= 1;
  no_address.yiaddr = {};
  multicast.yiaddr = {{224, 0, 0, 1}};
  std::vector<uint8_t> request = ack().bytes();
  request[0] = 1;
  for (const auto& packet : {foreign.bytes(), no_address.bytes(), multicast.bytes(), request,
                             std::vector<uint8_t>(1500), std::vector<uint8_t>{}}) {
    Interface& net0 = boot(packet);
    EXPECT_FALSE(net0.is_open());
    EXPECT_FALSE(net0.dhcp_reply());
    EXPECT_TRUE(net0.config().address.any());
  }
}

TEST_F(FirmwareLease, OfAVlanIsTakenByItsInterface) {
  Interface& net0 = boot(ack().bytes(), {}, 5 << 13 | 100);
  Interface* vlan = network->find("net0-100");
  ASSERT_TRUE(vlan);
  EXPECT_EQ(vlan->config().address, kLeased);
  EXPECT_EQ(vlan->trunk(), &net0);
  EXPECT_TRUE(net0.is_open()) << "for the frames";
  EXPECT_TRUE(net0.config().address.any());
  EXPECT_EQ(network->last_opened(), vlan);
  const auto& sent = static_cast<WireNic&>(net0.nic()).sent;
  ASSERT_FALSE(sent.empty()) << "it tells the others its address";
  EXPECT_EQ(*read_be<uint16_t>(sent[0], 14), 5 << 13 | 100);
  Interface* net1 = network->find("net1");
  EXPECT_EQ(network->interfaces(), (std::vector<Interface*>{vlan, &net0, net1}));
  EXPECT_EQ(boot_order(*network, 0x18), (std::vector<Interface*>{vlan, net1}))
      << "nothing asks on the trunk itself";
  EXPECT_EQ(boot_order(*network, std::nullopt), (std::vector<Interface*>{vlan, net1}));
  ASSERT_TRUE(network->destroy_vlan(*vlan).ok());
  EXPECT_EQ(boot_order(*network, 0x18), (std::vector<Interface*>{&net0, net1}));
}

TEST_F(FirmwareLease, AVlanWithoutOneComesFirstToo) {
  Interface& net0 = boot({}, {}, 4094);
  EXPECT_EQ(network->interfaces().front(), network->find("net0-4094"));
  EXPECT_FALSE(net0.is_open());
  ASSERT_TRUE(network->interfaces().front()->open().ok());
  net0.close();
  EXPECT_FALSE(network->interfaces().front()->is_open()) << "VLANs close with their card";
}

TEST_F(FirmwareLease, CutShortAnywhereDoesNoHarm) {
  std::vector<uint8_t> whole = ack().bytes();
  for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
    Interface& net0 = boot({whole.begin(), whole.begin() + bytes});
    EXPECT_EQ(net0.is_open(), net0.config().address == kLeased);
  }
}

}  // namespace
}  // namespace hawser::stack
