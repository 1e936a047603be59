// The DHCP client among ProxyDHCP servers, PXE boot servers and several offers.
#include <gtest/gtest.h>

#include "tests/fakes/dhcp_fixture.h"

namespace hawser::dhcp {
namespace {

using namespace fakes;
using State = Client::State;
using std::string_literals::operator""s;

TEST_F(DhcpTest, OfferWithoutBootInformationWaitsForProxyTwoSeconds) {
  client.start(now);
  receive(wire.offer(""));
  EXPECT_EQ(client.note(), "waiting for ProxyDHCP, holding 10.0.2.15");
  wait(1999);
  EXPECT_EQ(client.state(), State::Discovering);
  wait(1);
  ASSERT_EQ(client.state(), State::Requesting);
  receive(wire.ack(""));
  EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(DhcpTest, ProxyOfferEndsTheWaitInEitherOrder) {
  for (bool proxy_first : {false, true}) {
    DhcpWire both;
    Client asking{both, client_settings()};
    asking.start(now);
    Reply proxy = both.proxy_offer("menu.ipxe"), plain = both.offer("");
    asking.on_packet((proxy_first ? proxy : plain).bytes(), kServer, 67, now);
    asking.on_packet((proxy_first ? plain : proxy).bytes(), kServer, 67, now);
    ASSERT_EQ(asking.state(), State::Requesting);
    asking.on_packet(both.ack("").bytes(), kServer, 67, now);
    ASSERT_EQ(asking.state(), State::Bound);
    EXPECT_EQ(asking.ack()->filename(), "");
    EXPECT_EQ(asking.proxy()->filename(), "menu.ipxe");
    EXPECT_EQ(asking.proxy()->siaddr, kOtherServer);
  }
}

TEST_F(DhcpTest, OfTwoProxiesThatDisagreeOneWinsAndItIsSaidWhy) {
  const Ipv4 third{{10, 0, 2, 4}};
  struct Case {
    std::string_view first, second, winner, why;
    int priority;  ///< of the second one
  };
  const Case cases[] = {
      {"a", "b", "a", "10.0.2.3 (\"a\") is used, not 10.0.2.4 (\"b\"): it answered first", 0},
      {"", "b", "b",
       "10.0.2.4 (\"b\") is used, not 10.0.2.3 (no boot file): the other names no boot file", 0},
      {"a", "b", "b",
       "10.0.2.4 (\"b\") is used, not 10.0.2.3 (\"a\"): its priority (option 175.1) is higher", 1},
  };
  for (const Case& c : cases) {
    DhcpWire both;
    Client asking{both, client_settings()};
    asking.start(now);
    Reply loud = both.proxy_offer(c.second, third);
    if (c.priority) loud.option(175, std::string("\1\1", 2) + char(c.priority));
    asking.on_packet(both.proxy_offer(c.first).bytes(), kOtherServer, 67, now);
    asking.on_packet(both.proxy_offer(c.first).bytes(), kOtherServer, 67, now);
    EXPECT_EQ(asking.contest(), "") << "it only answered twice";
    asking.on_packet(both.offer("").bytes(), kServer, 67, now);
    ASSERT_EQ(asking.state(), State::Requesting);
    for (int again = 0; again < 2; ++again) {
      asking.on_packet(loud.bytes(), third, 67, now);
      asking.on_packet(both.proxy_offer(c.first).bytes(), kOtherServer, 67, now);
    }
    asking.on_packet(both.ack("").bytes(), kServer, 67, now);
    ASSERT_EQ(asking.state(), State::Bound);
    EXPECT_EQ(asking.proxy()->filename(), c.winner);
    EXPECT_EQ(asking.contest(), "ProxyDHCP server " + std::string(c.why));
  }
}

TEST_F(DhcpTest, ProxyWithoutFileIsAskedOnPort4011) {
  client.start(now);
  receive(wire.proxy_offer(), kOtherServer);
  receive(wire.offer(""));
  receive(wire.ack(""));
  ASSERT_EQ(client.state(), State::AskingProxy);
  EXPECT_EQ(client.note(), "asking ProxyDHCP server 10.0.2.3");
  const Sent& question = wire.sent.back();
  EXPECT_EQ(question.to, kOtherServer);
  EXPECT_EQ(question.port, 4011);
  EXPECT_EQ(question.type(), kRequest);
  EXPECT_EQ(question.bytes[15], 15) << "ciaddr";
  Reply answer = wire.reply(5, kOtherServer).option(60, "PXEClient");
  answer.file = "boot.ipxe";
  receive(answer, kServer, 67);
  EXPECT_EQ(client.state(), State::AskingProxy) << "not from port 4011";
  receive(answer, kOtherServer, 4011);
  ASSERT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.proxy()->filename(), "boot.ipxe");
  EXPECT_EQ(client.proxy()->siaddr, kOtherServer) << "the sender, when the field is empty";
}

TEST_F(DhcpTest, SilentProxyIsGivenUpAfterTwoSeconds) {
  client.start(now);
  receive(wire.proxy_offer(), kOtherServer);
  receive(wire.offer(""));
  receive(wire.ack(""));
  wait(1999);
  EXPECT_EQ(client.state(), State::AskingProxy);
  wait(1);
  EXPECT_EQ(client.state(), State::Bound);
  EXPECT_FALSE(client.proxy());
  EXPECT_EQ(wire.sent.size(), 2u + 3u);
}

TEST_F(DhcpTest, ServerWithPxeOnTheSameHostIsAskedToo) {
  client.start(now);
  receive(wire.offer("").option(60, "PXEClient"));
  wait(2000);
  receive(wire.ack("").option(60, "PXEClient"));
  ASSERT_EQ(client.state(), State::AskingProxy);
  EXPECT_EQ(wire.sent.back().to, kServer);
}

TEST_F(DhcpTest, BootMenuLeadsToItsFirstServer) {
  // 43: discovery control, boot servers (type 0x8000 at 10.0.2.3), menu, prompt.
  const std::string pxe =
      "\x06\x01\x07\x08\x07\x80\0\x01\x0a\0\x02\x03\x09\x07\x80\0\x04Xmas"
      "\x0a\x04\0PXE\xff"s;
  client.start(now);
  receive(wire.offer("undionly.kpxe").option(60, "PXEClient").option(43, pxe));
  receive(wire.ack("undionly.kpxe").option(60, "PXEClient").option(43, pxe));
  ASSERT_EQ(client.state(), State::AskingBootServer);
  const Sent& question = wire.sent.back();
  EXPECT_EQ(question.to, kOtherServer);
  EXPECT_EQ(question.port, 4011);
  EXPECT_EQ(question.option(43), "\x47\x04\x80\0\0\0\xff"s);
  receive(wire.ack("wrong"), kServer, 67);
  EXPECT_EQ(client.state(), State::AskingBootServer) << "a late ACK of the lease is no answer";
  Reply answer = wire.ack("boot.ipxe", kOtherServer);
  receive(answer, kOtherServer, 4011);
  ASSERT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.proxy()->filename(), "boot.ipxe");
  EXPECT_EQ(client.ack()->filename(), "boot.ipxe");
  EXPECT_EQ(client.ack()->siaddr, kOtherServer);
  EXPECT_EQ(client.ack()->yiaddr, kLeased);
}

TEST_F(DhcpTest, SilentBootServerLeavesTheLeaseAsItIs) {
  const std::string pxe = "\x06\x01\x03\x09\x07\x80\0\x04Xmas\x0a\x01\0\xff"s;
  client.start(now);
  receive(wire.offer("x.0").option(60, "PXEClient").option(43, pxe));
  receive(wire.ack("x.0").option(60, "PXEClient").option(43, pxe));
  EXPECT_EQ(wire.sent.back().to, kServer) << "the sender, when no server is listed";
  wait(3000);
  ASSERT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.ack()->filename(), "x.0");
  EXPECT_FALSE(client.proxy());
}

TEST_F(DhcpTest, BootServersThatNoHostCanBeAreNotAsked) {
  // As above, with the boot server at 0.0.0.0.
  const std::string pxe =
      "\x06\x01\x07\x08\x07\x80\0\x01\0\0\0\0\x09\x07\x80\0\x04Xmas"
      "\x0a\x04\0PXE\xff"s;
  client.start(now);
  receive(wire.offer("undionly.kpxe").option(60, "PXEClient").option(43, pxe));
  receive(wire.ack("undionly.kpxe").option(60, "PXEClient").option(43, pxe));
  EXPECT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.ack()->filename(), "undionly.kpxe");
}

TEST_F(DhcpTest, BootMenuIsSkippedWhenTheFileIsPreferred) {
  const std::string pxe = "\x06\x01\x08\x09\x07\x80\0\x04Xmas\x0a\x01\0\xff"s;
  client.start(now);
  receive(wire.offer().option(60, "PXEClient").option(43, pxe));
  receive(wire.ack().option(60, "PXEClient").option(43, pxe));
  EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(DhcpTest, ScriptForUsWinsOverTheMenuForPxeRoms) {
  const std::string pxe = "\x06\x01\x03\x09\x07\x80\0\x04Xmas\x0a\x01\0\xff"s;
  for (std::string_view file : {"boot.ipxe", "http://10.0.2.2/boot.php"}) {
    DhcpWire fresh;
    Client asking{fresh, client_settings()};
    asking.start(now);
    for (const Reply& reply : {fresh.offer(file), fresh.ack(file)})
      asking.on_packet(Reply{reply}.option(60, "PXEClient").option(43, pxe).bytes(), kServer, 67,
                       now);
    EXPECT_EQ(asking.state(), State::Bound) << file;
  }
}

TEST_F(DhcpTest, MenuForPeopleIsLeftToThem) {
  for (const std::string& prompt : {""s, "\x0a\x01\x05"s, "\x0a\x01\xff"s}) {
    const std::string pxe = "\x09\x07\x80\0\x04Xmas"s + prompt + "\xff";
    DhcpWire fresh;
    Client asking{fresh, client_settings()};
    asking.start(now);
    for (const Reply& reply : {fresh.offer("x.0"), fresh.ack("x.0")})
      asking.on_packet(Reply{reply}.option(60, "PXEClient").option(43, pxe).bytes(), kServer, 67,
                       now);
    EXPECT_EQ(asking.state(), State::Bound);
  }
}

TEST_F(DhcpTest, BootServerIsFoundOnDemand) {
  // Boot servers of types 7 (10.0.2.3) and 8 (10.0.2.4), only those.
  const std::string pxe =
      "\x06\x01\x07\x08\x0e\0\x07\x01\x0a\0\x02\x03\0\x08\x01\x0a\0\x02\x04\xff"s;
  client.start(now);
  receive(wire.offer("x.0").option(60, "PXEClient").option(43, pxe));
  receive(wire.ack("x.0").option(60, "PXEClient").option(43, pxe));
  ASSERT_EQ(client.state(), State::Bound);
  client.find_boot_server(7, now);
  ASSERT_EQ(client.state(), State::AskingBootServer);
  EXPECT_EQ(wire.sent.back().to, kOtherServer);
  EXPECT_EQ(wire.sent.back().option(43), "\x47\x04\0\x07\0\0\xff"s);
  receive(wire.ack("other", kOtherServer).option(43, "\x47\x04\0\x08\0\0\xff"s), kOtherServer,
          4011);
  EXPECT_EQ(client.state(), State::AskingBootServer) << "of another type";
  receive(wire.ack("seven.0", kOtherServer).option(43, "\x47\x04\0\x07\0\0\xff"s), kOtherServer,
          4011);
  ASSERT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.boot_server()->filename(), "seven.0");
  EXPECT_EQ(client.boot_server()->siaddr, kOtherServer);
  EXPECT_EQ(client.ack()->filename(), "x.0") << "the lease stays as it is";
  client.find_boot_server(9, now);
  EXPECT_EQ(client.state(), State::Bound) << "nobody to ask";
  EXPECT_FALSE(client.boot_server());
  client.find_boot_server(8, now);
  wait(3000);
  EXPECT_EQ(client.state(), State::Bound);
  EXPECT_FALSE(client.boot_server());
}

TEST_F(DhcpTest, TwoProxiesThatDisagree) {
  client.start(now);
  receive(wire.proxy_offer("first.0"), kOtherServer);
  Reply second = wire.reply(2, {{10, 0, 2, 4}}).option(60, "PXEClient");
  second.file = "second.0";
  receive(second, {{10, 0, 2, 4}});
  receive(wire.offer(""));
  receive(wire.ack(""));
  ASSERT_EQ(client.state(), State::Bound);
  EXPECT_EQ(client.proxy()->filename(), "first.0");
}

TEST_F(DhcpTest, NoPxeDhcpOptionEndsTheWait) {
  client.start(now);
  receive(wire.offer("").option(175, {176, 1, 1}));
  EXPECT_EQ(client.state(), State::Requesting);
}

TEST_F(DhcpTest, BootServerWinsOverPlainServer) {
  client.start(now);
  receive(wire.offer("", kServer));
  receive(wire.offer("boot.ipxe", kOtherServer, {{10, 0, 2, 99}}), kOtherServer);
  ASSERT_EQ(client.state(), State::Requesting);
  EXPECT_EQ(wire.sent.back().option(54), "\x0a\0\x02\x03"s);
  receive(wire.ack("", kServer));
  EXPECT_EQ(client.state(), State::Requesting) << "an ACK of the server that was not chosen";
  receive(wire.ack("boot.ipxe", kOtherServer, {{10, 0, 2, 99}}), kOtherServer);
  EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(DhcpTest, OnlyProxyAnsweredIsSaid) {
  client.start(now);
  receive(wire.proxy_offer("x"), kOtherServer);
  wait(15'000);
  EXPECT_EQ(client.error().text,
            "no DHCP address in 15 s: only the ProxyDHCP server 10.0.2.3 answered 4 DISCOVERs; "
            "check that a DHCP server has a free address");
}

}  // namespace
}  // namespace hawser::dhcp
