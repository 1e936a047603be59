// Downloads through the whole stack over a fake wire, and servers at the other end of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/stack/stack.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/memory_file.h"
#include "tests/fakes/wire.h"
#include "tests/unit/fetcher_server.h"

namespace hawser {

using namespace fakes;
using Then = HttpServer::Answer::Then;

using File = MemoryFile;

inline constexpr Mac kNearMac{{0x52, 0x54, 0, 0, 0, 1}}, kFarMac{{0x52, 0x54, 0, 0, 0, 2}};
inline constexpr Ipv4 kNear{{10, 0, 0, 1}}, kFar{{10, 0, 1, 1}};

struct FetcherTest : testing::Test {
  FakePlatform platform;
  Loop loop{platform};
  WireNic* nic = nullptr;
  WireNic* other = nullptr;
  std::unique_ptr<Network> network;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<TftpServer> tftp;
  std::unique_ptr<DnsServer> dns;
  File file;
  std::string content;

  void SetUp() override {
    std::vector<stack::NicEntry> entries(2);
    auto first = std::make_unique<WireNic>(kNearMac), second = std::make_unique<WireNic>(kFarMac);
    nic = first.get();
    other = second.get();
    nic->peer = other;
    other->peer = nic;
    entries[0].nic = std::move(first);
    entries[1].nic = std::move(second);
    network = stack::make_network(platform, loop, std::move(entries));
    // The last one opened is asked first for a route, so clients leave through net0.
    ASSERT_TRUE(network->find("net1")->open().ok());
    ASSERT_TRUE(network->find("net0")->open().ok());
    ASSERT_TRUE(network->find("net1")->configure({kFar, {{255, 0, 0, 0}}, {}, {}, "", {}}).ok());
    configure_client({kFar});
    ip_addr_t address = IPADDR4_INIT(lwip_htonl(kFar.host_order()));
    netif* card = netif_list;
    while (!std::equal(kFarMac.bytes.begin(), kFarMac.bytes.end(), card->hwaddr)) card = card->next;
    http = std::make_unique<HttpServer>(card, address);
    tftp = std::make_unique<TftpServer>(card, address);
    dns = std::make_unique<DnsServer>(card, address, std::string{10, 0, 1, 1});
    for (int i = 0; i < 300'000; ++i) content.push_back(char(i * 31 + i / 257));
    tftp->file = content;
    http->answer = [this](const std::string&) { return HttpServer::Answer{whole(content)}; };
  }
  void TearDown() override {
    http.reset();
    tftp.reset();
    dns.reset();
    run(130'000);  // until no connection is left in TIME-WAIT
    network.reset();
  }

  void configure_client(std::vector<Ipv4> dns_servers) {
    IpConfig config{kNear, {{255, 0, 0, 0}}, {}, std::move(dns_servers), "", {}};
    ASSERT_TRUE(network->find("net0")->configure(config).ok());
  }
  void lose_some() {
    nic->lose = [frames = 0](const Frame&) mutable { return ++frames % 37 == 0; };
  }
  static std::string whole(std::string_view body) {
    return cat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\nETag: \"1\"\r\n\r\n", body);
  }
  std::unique_ptr<Fetch> start(std::string_view uri, FetchOptions options = {}) {
    auto fetch = network->fetcher().start(parse_uri(uri).value(), file, options);
    EXPECT_TRUE(fetch.ok()) << fetch.error().text;
    return std::move(fetch).value();
  }
  Status finish(Fetch& fetch) {
    auto outcome = loop.run_until([&] { return fetch.done(); }, {platform.now() + Millis{200'000}});
    EXPECT_EQ(outcome, Loop::Outcome::Done) << fetch.progress().note;
    return fetch.outcome();
  }
  Status get(std::string_view uri) {
    file.text.clear();
    return finish(*start(uri));
  }
  void run(int64_t ms) {
    Millis end = platform.now() + Millis{ms};
    loop.run_until([&] { return reached(end, platform.now()); });
  }
};

}  // namespace hawser
