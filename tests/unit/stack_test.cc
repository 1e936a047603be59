// The network stack with lwIP in it, on cards joined by a fake wire.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "lwip/ip4.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "net/stack/arp.h"
#include "net/stack/checksum.h"
#include "tests/fakes/stack_fixture.h"

namespace hawser::stack {
namespace {

using namespace fakes;

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

TEST_F(StackTest, ALeaseCountsAtOnceOverALinkThatHasJustComeUp) {
  nic->plugged = false;
  ASSERT_TRUE(net0().open().ok());
  run(60);
  nic->plugged = true;
  ASSERT_TRUE(net0().configure({kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  ip4_addr_t server;
  std::memcpy(&server.addr, kServer.bytes.data(), sizeof server.addr);
  EXPECT_NE(ip4_route(&server), nullptr);
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

/// A port of UDP that keeps what it gets.
struct UdpListener {
  udp_pcb* pcb = udp_new();
  std::vector<Frame> got;

  explicit UdpListener(uint16_t port) {
    udp_bind(pcb, IP4_ADDR_ANY, port);
    udp_recv(
        pcb,
        [](void* self, udp_pcb*, pbuf* packet, const ip_addr_t*, u16_t) {
          Frame& frame = static_cast<UdpListener*>(self)->got.emplace_back(packet->tot_len);
          pbuf_copy_partial(packet, frame.data(), packet->tot_len, 0);
          pbuf_free(packet);
        },
        this);
  }
  ~UdpListener() { udp_remove(pcb); }
};

/// `frame` in pieces, the first one behind 12 bytes of something else.
void arrive_in_parts(FramePort& port, const Frame& frame, bool checked) {
  std::vector<RxPart> parts;
  for (size_t at = 0; at < frame.size();) {
    uint32_t skip = at == 0 ? 12 : 0;
    auto n = uint32_t(std::min<size_t>(frame.size() - at, kRxBufferBytes - skip));
    RxBuffer* buffer = port.take();
    ASSERT_TRUE(buffer);
    std::memcpy(buffer->data + skip, frame.data() + at, n);
    parts.push_back({buffer, skip, n});
    at += n;
  }
  port.received_parts(parts, checked);
}

TEST_F(StackTest, FrameInSeveralBuffers) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure({kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  size_t spare = spare_buffers();
  UdpListener listener(5000);
  for (size_t length : {1u, 1000u, 2036u, 20'000u, 65'000u}) {
    Frame payload(length);
    for (size_t i = 0; i < length; ++i) payload[i] = uint8_t(i * 7);
    Frame frame = udp_frame({kPeerMac, kServer}, 67, {kOurMac, kLeased}, 5000, payload);
    arrive_in_parts(*nic->port(), frame, false);
    ASSERT_EQ(listener.got.size(), 1u) << length;
    EXPECT_EQ(listener.got[0], payload);
    frame[41] = 0x77;  // a sum that is wrong, as one that nobody has made
    arrive_in_parts(*nic->port(), frame, false);
    EXPECT_EQ(listener.got.size(), 1u);
    arrive_in_parts(*nic->port(), frame, true);
    ASSERT_EQ(listener.got.size(), 2u);
    EXPECT_EQ(listener.got[1], payload);
    arrive_in_parts(*nic->port(), frame, false);  // checks are on again
    EXPECT_EQ(listener.got.size(), 2u);
    listener.got.clear();
    EXPECT_EQ(spare_buffers(), spare);
  }
}

TEST_F(StackTest, PartsThatLieAreGivenBack) {
  ASSERT_TRUE(net0().open().ok());
  size_t spare = spare_buffers();
  FramePort& port = *nic->port();
  port.received_parts({}, true);
  for (RxPart lie : {RxPart{nullptr, 1, kRxBufferBytes}, RxPart{nullptr, kRxBufferBytes + 1, 0},
                     RxPart{nullptr, 0, 13}, RxPart{nullptr, ~0u, ~0u}}) {
    lie.buffer = port.take();
    port.received_parts({&lie, 1}, true);
    RxPart second[] = {{port.take(), 0, 60}, {port.take(), lie.at, 0x10000 - lie.at}};
    port.received_parts(second, true);
  }
  arrive_in_parts(port, Frame(70'000), true);  // longer than IP can be
  EXPECT_EQ(spare_buffers(), spare);
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
