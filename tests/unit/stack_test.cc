// The network stack with lwIP in it, on cards joined by a fake wire.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "lwip/dns.h"
#include "lwip/tcp.h"
#include "net/stack/arp.h"
#include "net/stack/checksum.h"
#include "net/stack/stack.h"
#include "tests/fakes/dhcp_wire.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/wire.h"

namespace hawser::stack {
namespace {

using namespace fakes;

constexpr Mac kOurMac = kClientMac, kPeerMac{{2, 0, 0, 0, 0, 9}};

struct StackTest : testing::Test {
  FakePlatform platform;
  Loop loop{platform};
  WireNic* nic = nullptr;    ///< net0's
  WireNic* other = nullptr;  ///< net1's
  std::unique_ptr<Network> network = make();

  std::unique_ptr<Network> make() {
    std::vector<NicEntry> entries(2);
    auto first = std::make_unique<WireNic>(kOurMac), second = std::make_unique<WireNic>(kPeerMac);
    nic = first.get();
    other = second.get();
    entries[0].nic = std::move(first);
    entries[0].vendor = 0x8086;
    entries[0].device = 0x100e;
    entries[1].nic = std::move(second);
    return make_network(platform, loop, std::move(entries));
  }
  Interface& net0() { return *network->find("net0"); }
  Interface& net1() { return *network->find("net1"); }

  void run(int64_t ms) {
    Millis end = platform.now() + Millis{ms};
    loop.run_until([&] { return reached(end, platform.now()); });
  }
  /// Buffers that are not in a ring: all of them come out and go back.
  size_t spare_buffers() {
    std::vector<RxBuffer*> taken;
    while (RxBuffer* buffer = nic->port()->take()) taken.push_back(buffer);
    for (RxBuffer* buffer : taken) nic->port()->give_back(buffer);
    return taken.size();
  }
};

TEST_F(StackTest, NamesAndFindsInterfaces) {
  ASSERT_EQ(network->interfaces().size(), 2u);
  EXPECT_EQ(network->interfaces()[1]->name(), "net1");
  EXPECT_EQ(net0().pci_device(), 0x100e);
  EXPECT_EQ(network->find("net2"), nullptr);
  EXPECT_EQ(network->find("netX"), nullptr);
  ASSERT_TRUE(net1().open().ok());
  ASSERT_TRUE(net0().open().ok());
  EXPECT_EQ(network->find("netX"), &net0());
  net0().close();
  EXPECT_EQ(network->find("netX"), &net1());
  EXPECT_FALSE(nic->is_open());
  network->shut_down();
  EXPECT_FALSE(other->is_open());
}

TEST_F(StackTest, RefusesAddressesThatNoHostHas) {
  EXPECT_EQ(net0().configure({{{10, 0, 0, 1}}, {}, {}, {}, "", {}}).error().code,
            Errc::NotConnected);
  ASSERT_TRUE(net0().open().ok());
  EXPECT_EQ(net0().configure({{{224, 0, 0, 1}}, {}, {}, {}, "", {}}).error().code, Errc::Invalid);
  EXPECT_TRUE(net0().configure({}).ok());
}

TEST_F(StackTest, AnswersArpAndPing) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure({kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  nic->sent.clear();  // lwIP announces the address
  nic->arrive(arp_frame(1, {kPeerMac, kServer}, {{}, kLeased}));
  run(5);
  ASSERT_EQ(nic->sent.size(), 1u);
  EXPECT_EQ(nic->sent[0][21], 2) << "an ARP answer";
}

TEST_F(StackTest, FramesOfEveryLengthLeaveThePoolWhole) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure({kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  size_t spare = spare_buffers();
  EXPECT_GE(spare, 512u);
  std::mt19937 random{1};
  std::vector<Frame> seeds{udp_frame({kPeerMac, kServer}, 67, {kOurMac, kLeased}, 68, Frame(300)),
                           arp_frame(1, {kPeerMac, kServer}, {kOurMac, kLeased}), Frame(2048)};
  for (uint32_t length = 0; length <= kRxBufferBytes; ++length) {
    Frame frame = seeds[length % seeds.size()];
    frame.resize(length);
    if (length > 20) frame[random() % length] ^= uint8_t(1u << (random() % 8));
    nic->arrive(frame);
    if (length % 64 == 0) run(1);
  }
  run(5);
  RxBuffer* buffer = nic->port()->take();
  ASSERT_TRUE(buffer);
  nic->port()->received(buffer, kRxBufferBytes + 1);  // a card that lies
  run(60'000);  // fragments waiting for their rest are given up
  EXPECT_EQ(spare_buffers(), spare);
  EXPECT_EQ(nic->ring_fill(), 256u);
}

TEST_F(StackTest, RecoversFromAnEmptyPool) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure({kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  std::vector<RxBuffer*> hoard;
  while (RxBuffer* buffer = nic->port()->take()) hoard.push_back(buffer);
  nic->sent.clear();
  for (int i = 0; i < 1000; ++i) nic->arrive(arp_frame(1, {kPeerMac, kServer}, {{}, kLeased}));
  run(50);
  EXPECT_EQ(nic->sent.size(), 1000u) << "each buffer is free again before the next is needed";
  for (RxBuffer* buffer : hoard) nic->port()->give_back(buffer);
  EXPECT_EQ(nic->ring_fill(), 256u);
}

// --- TCP: both ends are this lwIP, one on each card ----------------------------------------------

struct TcpTest : StackTest {
  Ipv4 near{{10, 0, 0, 1}}, far{{10, 0, 1, 1}};
  std::vector<uint8_t> file, got;
  size_t queued = 0;
  bool finished = false;
  uint16_t port = next_port();  ///< its own for each test: closed connections linger in lwIP
  tcp_pcb* listener = nullptr;
  tcp_pcb* getter = nullptr;

  void SetUp() override {
    nic->peer = other;
    other->peer = nic;
    ASSERT_TRUE(net0().open().ok());
    ASSERT_TRUE(net1().open().ok());
    // Masks of 8 bits: each end reaches the other through its own card.
    ASSERT_TRUE(net0().configure({near, {{255, 0, 0, 0}}, {}, {}, "", {}}).ok());
    ASSERT_TRUE(net1().configure({far, {{255, 0, 0, 0}}, {}, {}, "", {}}).ok());
  }
  void TearDown() override {
    if (listener) tcp_close(listener);
    if (getter) tcp_abort(getter);
    getter = listener = nullptr;
    network.reset();
  }
  static uint16_t next_port() {
    static uint16_t last = 1000;
    return ++last;
  }
  static netif* card(Mac mac) {
    netif* found = nullptr;
    netif* each;
    NETIF_FOREACH(each) {
      if (std::equal(mac.bytes.begin(), mac.bytes.end(), each->hwaddr)) found = each;
    }
    return found;
  }
  static ip_addr_t lwip_address(Ipv4 address) {
    ip_addr_t result = IPADDR4_INIT(lwip_htonl(address.host_order()));
    return result;
  }
  void send_more(tcp_pcb* pcb) {
    while (queued < file.size() && tcp_sndbuf(pcb) > 0) {
      size_t part = std::min<size_t>({tcp_sndbuf(pcb), file.size() - queued, 1460});
      if (tcp_write(pcb, &file[queued], u16_t(part), TCP_WRITE_FLAG_COPY) != ERR_OK) break;
      queued += part;
    }
    tcp_output(pcb);
    if (queued == file.size()) {
      tcp_sent(pcb, nullptr);
      tcp_close(pcb);
    }
  }
  void serve(size_t bytes) {
    file.resize(bytes);
    std::mt19937 random{7};
    for (uint8_t& byte : file) byte = uint8_t(random());
    tcp_pcb* pcb = tcp_new();
    ip_addr_t address = lwip_address(far);
    ASSERT_EQ(tcp_bind(pcb, &address, port), ERR_OK);
    tcp_bind_netif(pcb, card(kPeerMac));
    listener = tcp_listen(pcb);
    tcp_arg(listener, this);
    tcp_accept(listener, [](void* self, tcp_pcb* pcb, err_t) -> err_t {
      TcpTest* test = static_cast<TcpTest*>(self);
      tcp_bind_netif(pcb, card(kPeerMac));
      tcp_arg(pcb, test);
      tcp_sent(pcb, [](void* self, tcp_pcb* pcb, u16_t) -> err_t {
        static_cast<TcpTest*>(self)->send_more(pcb);
        return ERR_OK;
      });
      test->send_more(pcb);
      return ERR_OK;
    });
  }
  void connect() {
    getter = tcp_new();
    tcp_bind_netif(getter, card(kOurMac));
    tcp_arg(getter, this);
    tcp_recv(getter, [](void* self, tcp_pcb* pcb, pbuf* data, err_t) -> err_t {
      TcpTest* test = static_cast<TcpTest*>(self);
      if (!data) {
        test->finished = true;
        test->getter = nullptr;
        tcp_close(pcb);
        return ERR_OK;
      }
      for (pbuf* piece = data; piece; piece = piece->next) {
        const uint8_t* bytes = static_cast<const uint8_t*>(piece->payload);
        test->got.insert(test->got.end(), bytes, bytes + piece->len);
      }
      tcp_recved(pcb, data->tot_len);
      pbuf_free(data);
      return ERR_OK;
    });
    tcp_err(getter, [](void* self, err_t) { static_cast<TcpTest*>(self)->getter = nullptr; });
    ip_addr_t address = lwip_address(far);
    ASSERT_EQ(tcp_connect(getter, &address, port, nullptr), ERR_OK);
  }
  void get() {
    connect();
    auto done = [this] { return finished || !getter; };
    EXPECT_EQ(loop.run_until(done, {platform.now() + Millis{600'000}}), Loop::Outcome::Done);
  }
};

TEST_F(TcpTest, CarriesAFileWithoutALoss) {
  size_t spare = spare_buffers();
  serve(4 << 20);
  get();
  EXPECT_TRUE(finished);
  EXPECT_TRUE(got == file) << got.size();
  EXPECT_EQ(nic->dropped, 0u);
  EXPECT_EQ(spare_buffers(), spare);
}

TEST_F(TcpTest, CarriesAFileOverALossyWire) {
  size_t spare = spare_buffers();
  size_t frames = 0;
  nic->lose = [&](const Frame&) { return ++frames % 37 == 0; };
  other->lose = [&](const Frame&) { return ++frames % 41 == 0; };
  serve(1 << 20);
  get();
  EXPECT_TRUE(finished);
  EXPECT_TRUE(got == file) << got.size();
  EXPECT_EQ(spare_buffers(), spare);
}

TEST_F(TcpTest, OutOfOrderDataGivesWayWhenThePoolRunsDry) {
  std::vector<RxBuffer*> hoard;
  while (RxBuffer* buffer = nic->port()->take()) hoard.push_back(buffer);
  size_t frames = 0;
  nic->lose = [&](const Frame& frame) { return frame.size() > 1000 && ++frames % 50 == 1; };
  serve(1 << 20);
  get();
  EXPECT_TRUE(got == file) << got.size();
  for (RxBuffer* buffer : hoard) nic->port()->give_back(buffer);
}

TEST_F(TcpTest, ClosingTheInterfaceEndsItsConnections) {
  serve(4 << 20);
  connect();
  auto some = [this] { return got.size() > 100'000; };
  ASSERT_EQ(loop.run_until(some, {platform.now() + Millis{10'000}}), Loop::Outcome::Done);
  ASSERT_TRUE(getter);
  net0().close();
  EXPECT_EQ(getter, nullptr) << "the connection was told";
  EXPECT_FALSE(finished);
  run(100);
  ASSERT_TRUE(net0().open().ok());
  EXPECT_GE(spare_buffers(), 512u);
}

// --- DHCP over the wire --------------------------------------------------------------------------

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

// --- pieces --------------------------------------------------------------------------------------

TEST(ChecksumTest, EqualsTheDefinitionForEveryLengthAndAlignment) {
  std::mt19937 random{3};
  std::vector<uint8_t> bytes(1600);
  for (uint8_t& byte : bytes) byte = uint8_t(random() % 5 ? random() : 0xff);
  for (size_t start : {0, 1, 2, 3, 7}) {
    for (size_t length = 0; length <= 1590; ++length) {
      uint32_t sum = 0;
      for (size_t i = 0; i < length; ++i) sum += uint32_t{bytes[start + i]} << (i % 2 ? 8 : 0);
      while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
      ASSERT_EQ(checksum_sum(Bytes{bytes}.subspan(start, length)), sum) << start << " " << length;
    }
  }
  EXPECT_EQ(checksum_sum(std::vector<uint8_t>(1500, 0xff)), 0xffff);
}

TEST(ArpTest, EveryPrefixAndOtherProtocolsShowNoConflict) {
  Frame frame = arp_frame(2, {kPeerMac, kLeased}, {kOurMac, {}});
  EXPECT_EQ(arp_conflict(frame, kOurMac, kLeased), kPeerMac);
  EXPECT_FALSE(arp_conflict(frame, kPeerMac, kLeased));
  EXPECT_FALSE(arp_conflict(frame, kOurMac, kServer));
  for (size_t length = 0; length < frame.size(); ++length)
    EXPECT_FALSE(arp_conflict(Bytes{frame}.first(length), kOurMac, kLeased));
  for (size_t at : {12, 15, 16, 18, 19}) {
    Frame changed = frame;
    changed[at] ^= 0x40;
    EXPECT_FALSE(arp_conflict(changed, kOurMac, kLeased)) << at;
  }
}

}  // namespace
}  // namespace hawser::stack
