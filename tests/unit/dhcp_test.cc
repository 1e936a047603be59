// The DHCP client, played packet traces: from DISCOVER to a lease.
#include <gtest/gtest.h>

#include <algorithm>

#include "src/version.h"
#include "tests/fakes/dhcp_fixture.h"

namespace hawser::dhcp {
namespace {

using namespace fakes;
using State = Client::State;
using std::string_literals::operator""s;

TEST_F(DhcpTest, AsksOffersTakesInFourPackets) {
  client.start(now);
  EXPECT_EQ(client.note(), "discovering");
  receive(wire.offer());
  EXPECT_EQ(client.note(), "requesting 10.0.2.15 from 10.0.2.2");
  receive(wire.ack().option(51, {0, 0, 0x0e, 0x10}));
  EXPECT_EQ(types(), (std::vector{kDiscover, kRequest}));
  ASSERT_EQ(client.state(), State::Bound);
  ASSERT_EQ(wire.bound_to.size(), 1u);
  EXPECT_EQ(wire.bound_to[0].yiaddr, kLeased);
  EXPECT_EQ(client.ack()->filename(), "boot.ipxe");
  EXPECT_EQ(client.lease_end(), now + Millis{3'600'000});
  EXPECT_EQ(client.deadline(), kNever);
}

TEST_F(DhcpTest, DiscoverHasEveryFieldAndOptionInOrder) {
  ClientSettings settings = client_settings();
  settings.request.uuid =
      std::vector<uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  Client named{wire, settings};
  named.start(now);
  const Sent& packet = wire.sent.at(0);
  EXPECT_EQ(packet.to, kBroadcast);
  EXPECT_EQ(packet.port, 67);
  EXPECT_GE(packet.bytes.size(), 300u);
  std::vector<uint8_t> fixed(240);
  fixed[0] = 1, fixed[1] = 1, fixed[2] = 6;
  std::copy_n(packet.bytes.begin() + 4, 4, fixed.begin() + 4);  // any xid
  std::copy(kClientMac.bytes.begin(), kClientMac.bytes.end(), fixed.begin() + 28);
  fixed[236] = 99, fixed[237] = 130, fixed[238] = 83, fixed[239] = 99;
  EXPECT_EQ(std::vector<uint8_t>(packet.bytes.begin(), packet.bytes.begin() + 240), fixed);
  const std::vector<std::pair<int, std::string>> expected{
      {53, "\x01"s},
      {57, "\x05\xc0"s},
      {93, "\0\0"s},
      {94, "\x01\x02\x01"s},
      {60, "PXEClient:Arch:00000:UNDI:002001"},
      {77, "iPXE"},
      {55,
       "\x01\x03\x06\x07\x0c\x0f\x11\x1a\x2a\x2b\x3c\x42\x43\x77\x79\x80\x81\x82\x83\x84\x85"
       "\x86\x87\xaf\xcb\xd0\xd1\xd2\xd3"s},
      {175,
       "\xb1\x05\x01\x80\x86\x10\x0e\x13\x01\x01\x14\x01\x01\x15\x01\x01\x17\x01\x01\x18\x01\x01\x19"
       "\x01\x01\xeb\x03\x02\0\0"s},
      {61, "\x01\x52\x54\0\x12\x34\x56"s},
      {97, "\0\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"s},
      {224, "Hawser " + std::string(kVersion)},
  };
  EXPECT_EQ(packet.options(), expected);
}

TEST_F(DhcpTest, RequestNamesAddressAndServer) {
  client.start(now);
  receive(wire.offer());
  const Sent& request = wire.sent.at(1);
  EXPECT_EQ(request.to, kBroadcast);
  EXPECT_EQ(request.option(50), "\x0a\0\x02\x0f"s);
  EXPECT_EQ(request.option(54), "\x0a\0\x02\x02"s);
  EXPECT_EQ(request.option(77), "iPXE");
  EXPECT_EQ(request.xid(), wire.sent[0].xid());
  EXPECT_EQ(request.secs() & 3, 2) << "an offer is held";
}

TEST_F(DhcpTest, SettingsReplaceClassesAndHideIdentity) {
  ClientSettings settings = client_settings();
  settings.request.user_class = "lab";
  settings.request.vendor_class = "Thing";
  settings.request.send_identity = false;
  settings.ask_for_broadcast = true;
  Client other{wire, settings};
  other.start(now);
  EXPECT_EQ(wire.sent[0].option(77), "lab");
  EXPECT_EQ(wire.sent[0].option(60), "Thing");
  EXPECT_EQ(wire.sent[0].option(224), "(absent)");
  EXPECT_EQ(wire.sent[0].bytes[10], 0x80);

  settings.request.vendor_class.clear();
  settings.request.architecture = 7;
  Client uefi{wire, settings};
  uefi.start(now);
  EXPECT_EQ(wire.sent[1].option(60), "PXEClient:Arch:00007:UNDI:003010");
  EXPECT_EQ(wire.sent[1].option(94), "\x01\x03\x0a");
}

TEST_F(DhcpTest, DiscoversAtAboutZeroOneThreeSevenAndGivesUpAtFifteen) {
  client.start(now);
  std::vector<int64_t> times{0};
  for (int64_t ms = 1; ms <= 20'000; ++ms) {
    size_t before = wire.sent.size();
    wait(1);
    if (wire.sent.size() > before) times.push_back(ms);
    if (client.done()) {
      EXPECT_EQ(ms, 15'000);
      break;
    }
  }
  ASSERT_EQ(times.size(), 4u);
  EXPECT_NEAR(times[1], 1000, 250);
  EXPECT_NEAR(times[2], 3000, 500);
  EXPECT_NEAR(times[3], 7000, 1000);
  ASSERT_EQ(client.state(), State::Failed);
  EXPECT_EQ(client.error().code, Errc::TimedOut);
  EXPECT_EQ(client.error().text,
            "no DHCP answer in 15 s: 4 DISCOVERs sent, 0 offers; check the cable, VLAN and that a "
            "DHCP server serves this network");
}

TEST(Dhcp, MachinesThatStartTogetherDoNotAskAgainTogether) {
  std::vector<int64_t> second;
  for (uint32_t machine = 0; machine < 100; ++machine) {
    DhcpWire wire;
    ClientSettings settings = client_settings();
    settings.xid = 0x12345678 + machine * 0x01000193;
    Client client{wire, settings};
    client.start(Millis{0});
    int64_t ms = 0;
    for (; wire.sent.size() < 2; ++ms) client.on_deadline(Millis{ms});
    second.push_back(ms);
  }
  std::sort(second.begin(), second.end());
  EXPECT_GT(second.back() - second.front(), 400);
  for (size_t i = 10; i < second.size(); ++i)
    EXPECT_GT(second[i], second[i - 10]) << "ten of a hundred in one millisecond";
}

TEST_F(DhcpTest, OfferWithoutServerIdIsTakenOnlyWhenNothingBetterComes) {
  client.start(now);
  Reply nameless = wire.offer();
  nameless.options.erase(nameless.options.begin() + 3, nameless.options.end());
  receive(nameless);
  EXPECT_EQ(client.state(), State::Discovering);
  wait(2000);
  ASSERT_EQ(client.state(), State::Requesting);
  EXPECT_EQ(wire.sent.back().option(54), "(absent)");

  DhcpWire fresh;
  Client asking{fresh, client_settings()};
  asking.start(now);
  nameless.xid = fresh.sent[0].xid();
  asking.on_packet(nameless.bytes(), kOtherServer, 67, now);
  asking.on_packet(fresh.offer().bytes(), kServer, 67, now);
  ASSERT_EQ(asking.state(), State::Requesting);
  EXPECT_EQ(fresh.sent.back().option(54), "\x0a\0\x02\x02"s);
}

TEST_F(DhcpTest, PriorityOutranksBootFile) {
  client.start(now);
  receive(wire.offer("", kServer).option(175, {1, 1, 5}));
  receive(wire.offer("boot.ipxe", kOtherServer), kOtherServer);
  EXPECT_EQ(client.state(), State::Discovering);
  wait(2000);
  EXPECT_EQ(wire.sent.back().option(54), "\x0a\0\x02\x02"s);
}

TEST_F(DhcpTest, NakStartsOverAfterASecondAndFourNaksFail) {
  client.start(now);
  for (int i = 0; i < 4; ++i) {
    receive(wire.offer());
    ASSERT_EQ(client.state(), State::Requesting);
    uint32_t old_xid = wire.sent.back().xid();
    receive(wire.reply(6).option(56, "pool\nfull"));
    if (i == 3) break;
    size_t sent = wire.sent.size();
    wait(999);
    EXPECT_EQ(wire.sent.size(), sent);
    wait(1);
    ASSERT_EQ(wire.sent.size(), sent + 1);
    EXPECT_EQ(wire.sent.back().type(), kDiscover);
    EXPECT_NE(wire.sent.back().xid(), old_xid);
  }
  ASSERT_EQ(client.state(), State::Failed);
  EXPECT_EQ(client.error().text,
            "DHCP server 10.0.2.2 refused 10.0.2.15 (\"pool?full\") 4 times after offering it; "
            "look at the server's log");
}

TEST_F(DhcpTest, NakOfAnotherServerIsIgnored) {
  client.start(now);
  receive(wire.offer());
  receive(wire.reply(6, kOtherServer), kOtherServer);
  EXPECT_EQ(client.state(), State::Requesting);
}

TEST_F(DhcpTest, UnansweredRequestFails) {
  client.start(now);
  receive(wire.offer());
  wait(15'000);
  ASSERT_EQ(client.state(), State::Failed);
  EXPECT_NE(client.error().text.find("no DHCP answer from 10.0.2.2 to the request for 10.0.2.15"),
            std::string::npos);
  EXPECT_EQ(types(), (std::vector{kDiscover, kRequest, kRequest, kRequest, kRequest}));
}

TEST_F(DhcpTest, AnyOneLostPacketIsMadeUpFor) {
  for (int lost = 0; lost < 4; ++lost) {
    DhcpWire lossy;
    Client asking{lossy, client_settings()};
    Millis clock{0};
    int packet = 0;
    size_t answered = 0;
    asking.start(clock);
    while (!asking.done() && clock < Millis{20'000}) {
      for (; answered < lossy.sent.size(); ++answered) {
        if (packet++ == lost) continue;  // the client's packet is lost
        Reply answer = lossy.sent[answered].type() == kDiscover ? lossy.offer() : lossy.ack();
        if (packet++ == lost) continue;  // the server's answer is lost
        asking.on_packet(answer.bytes(), kServer, 67, clock);
      }
      clock = clock + Millis{10};
      asking.on_deadline(clock);
    }
    EXPECT_EQ(asking.state(), State::Bound) << "lost packet " << lost;
    EXPECT_LE(clock, Millis{1020}) << "one loss costs one second";
  }
}

TEST_F(DhcpTest, ForeignPacketsAreIgnored) {
  client.start(now);
  Reply other_xid = wire.offer();
  other_xid.xid ^= 1;
  receive(other_xid);
  Reply other_mac = wire.offer();
  other_mac.chaddr.bytes[5] ^= 1;
  receive(other_mac);
  Reply no_address = wire.offer();
  no_address.yiaddr = {};
  receive(no_address);
  Reply multicast = wire.offer();
  multicast.yiaddr = {{224, 0, 0, 1}};
  receive(multicast);
  receive(wire.offer(), kServer, 6767);
  receive(wire.ack());
  std::vector<uint8_t> request = wire.offer().bytes();
  request[0] = 1;
  client.on_packet(request, kServer, 67, now);
  EXPECT_EQ(client.state(), State::Discovering);
  wait(15'000);
  EXPECT_NE(client.error().text.find("4 answers could not be used"), std::string::npos)
      << client.error().text;
}

TEST_F(DhcpTest, EveryPrefixOfAnOfferIsHarmless) {
  DhcpWire model;
  Client asking{model, client_settings()};
  asking.start(now);
  std::vector<uint8_t> whole = model.offer().option(3, kServer).option(67, "other.ipxe").bytes();
  for (size_t length = 0; length < whole.size(); ++length) {
    DhcpWire fresh;
    Client reader{fresh, client_settings()};
    reader.start(now);
    reader.on_packet(Bytes{whole}.first(length), kServer, 67, now);
    EXPECT_TRUE(reader.state() == State::Discovering || reader.state() == State::Requesting);
    if (length < 236) {
      EXPECT_EQ(reader.state(), State::Discovering) << length;
    }
  }
}

TEST_F(DhcpTest, ConflictIsDeclinedAndAskedAnew) {
  client.start(now);
  receive(wire.offer());
  receive(wire.ack());
  Mac other{{2, 0, 0, 0, 0, 9}};
  for (int i = 0; i < 4; ++i) {
    client.on_conflict(other, now);
    const Sent& decline = wire.sent.back();
    EXPECT_EQ(decline.type(), kDecline);
    EXPECT_EQ(decline.to, kBroadcast);
    EXPECT_EQ(decline.option(50), "\x0a\0\x02\x0f"s);
    EXPECT_EQ(decline.option(54), "\x0a\0\x02\x02"s);
    EXPECT_EQ(decline.option(61), "\x01\x52\x54\0\x12\x34\x56"s);
    if (client.done()) break;
    wait(1000);
    EXPECT_EQ(wire.sent.back().type(), kDiscover);
    receive(wire.offer());
    receive(wire.ack());
    ASSERT_EQ(client.state(), State::Bound);
  }
  ASSERT_EQ(client.state(), State::Failed);
  EXPECT_NE(client.error().text.find("10.0.2.15 is in use by 02:00:00:00:00:09"),
            std::string::npos);
}

TEST_F(DhcpTest, BootpServerIsGoodEnough) {
  client.start(now);
  Reply bootp;
  bootp.xid = wire.sent[0].xid();
  bootp.yiaddr = kLeased;
  bootp.file = "boot.ipxe";
  receive(bootp);
  ASSERT_EQ(client.state(), State::Discovering);  // it names no server: a better offer may come
  while (client.state() == State::Discovering && now < Millis{3000})
    client.on_deadline(now = client.deadline());
  ASSERT_EQ(client.state(), State::Requesting);
  EXPECT_EQ(wire.sent.back().option(54), "(absent)");
  receive(bootp);
  EXPECT_EQ(client.state(), State::Bound);
}

TEST(DhcpMessageTest, JoinsLongAndOverloadedOptions) {
  Reply reply;
  reply.option(52, {3}).option(67, "http://very").option(18, "x").option(67, "-long");
  const std::string file_field = "\x43\x05-name\xff", sname_field = "\x43\x05.ipxe\xff"s;
  reply.file = file_field;
  reply.sname = sname_field;
  auto answer = parse_answer(reply.bytes());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->reply.filename(), "http://very-long-name.ipxe");
  EXPECT_EQ(answer->reply.file, "");
  EXPECT_EQ(answer->reply.sname, "");
}

TEST(DhcpMessageTest, ToleratesGarbageBehindGoodOptions) {
  Reply reply;
  reply.option(3, kServer);
  reply.options.insert(reply.options.end(), {0, 0, 6, 200, 1, 2});
  std::vector<uint8_t> packet = reply.bytes();
  auto answer = parse_answer(packet);
  ASSERT_TRUE(answer);
  EXPECT_EQ(address_option(answer->reply, 3), kServer);
  EXPECT_FALSE(answer->reply.find(6));
}

TEST(DhcpMessageTest, ConfigurationOfALease) {
  DhcpReply reply;
  reply.yiaddr = {{192, 168, 1, 7}};
  EXPECT_EQ(config_of(reply).netmask, (Ipv4{{255, 255, 255, 0}}));
  reply.options = {{1, {255, 0, 255, 0}}};
  EXPECT_EQ(config_of(reply).netmask, (Ipv4{{255, 255, 255, 0}})) << "no mask at all";
  reply.options = {{1, {255, 255, 254, 0}},
                   {3, {192, 168, 1, 1, 192, 168, 1, 2}},
                   {6, {9, 9, 9, 9, 8, 8, 8, 8, 7}},
                   {15, {'l', 'a', 'b', 0}},
                   {26, {0x05, 0x78}}};
  IpConfig config = config_of(reply);
  EXPECT_EQ(config.netmask, (Ipv4{{255, 255, 254, 0}}));
  EXPECT_EQ(config.gateway, (Ipv4{{192, 168, 1, 1}}));
  EXPECT_EQ(config.dns, (std::vector<Ipv4>{{{9, 9, 9, 9}}, {{8, 8, 8, 8}}}));
  EXPECT_EQ(config.domain, "lab");
  EXPECT_EQ(config.mtu, 1400);
  reply.options = {{26, {0, 67}}, {6, {}}, {3, {1, 2, 3}}};
  config = config_of(reply);
  EXPECT_FALSE(config.mtu);
  EXPECT_TRUE(config.gateway.any());
}

}  // namespace
}  // namespace hawser::dhcp
