// HTTPS through the whole stack: whichever packet is lost, the file arrives as it is.
#include <gtest/gtest.h>

#include "src/crypto/digest.h"
#include "tests/fakes/tls_server.h"
#include "tests/unit/fetcher_fixture.h"

namespace hawser {
namespace {

/// Listens on port 443; each connection gets a TlsServer of its own.
class TlsListener {
 public:
  TlsListener(netif* card, const ip_addr_t& address, const TlsServerConfig& config,
              std::string answer)
      : card_(card), config_(config), answer_(std::move(answer)) {
    tcp_pcb* pcb = tcp_new();
    EXPECT_EQ(tcp_bind(pcb, &address, 443), ERR_OK);
    tcp_bind_netif(pcb, card);
    listener_ = tcp_listen(pcb);
    tcp_arg(listener_, this);
    tcp_accept(listener_, [](void* self, tcp_pcb* pcb, err_t) -> err_t {
      static_cast<TlsListener*>(self)->accept(pcb);
      return ERR_OK;
    });
  }
  ~TlsListener() {
    for (auto& client : clients_)
      if (client->pcb) tcp_abort(client->pcb);
    tcp_close(listener_);
  }
  TlsListener(const TlsListener&) = delete;

  size_t connections() const { return clients_.size(); }
  /// Each connection says no more than so many bytes, and then nothing or, if asked to, goodbye by
  /// TCP.
  void stop_after(size_t bytes, bool closes) {
    most_ = bytes;
    closes_ = closes;
  }

 private:
  struct Client {
    Client(TlsListener& owner, tcp_pcb* from)
        : listener(owner), pcb(from), tls(owner.config_, owner.answer_) {}
    TlsListener& listener;
    tcp_pcb* pcb;
    TlsServer tls;
    size_t said = 0;
  };
  void accept(tcp_pcb* pcb) {
    tcp_bind_netif(pcb, card_);
    clients_.push_back(std::make_unique<Client>(*this, pcb));
    tcp_arg(pcb, clients_.back().get());
    tcp_recv(pcb, [](void* self, tcp_pcb* pcb, pbuf* chain, err_t) -> err_t {
      auto& client = *static_cast<Client*>(self);
      if (!chain) return close(client);
      tcp_recved(pcb, chain->tot_len);
      client.tls.in += text_of_chain(chain);
      client.tls.work();
      return push(client);
    });
    tcp_sent(pcb, [](void* self, tcp_pcb*, u16_t) { return push(*static_cast<Client*>(self)); });
    tcp_err(pcb, [](void* self, err_t) { static_cast<Client*>(self)->pcb = nullptr; });
  }
  static err_t close(Client& client) {
    tcp_pcb* pcb = std::exchange(client.pcb, nullptr);
    tcp_arg(pcb, nullptr);
    tcp_recv(pcb, nullptr);
    tcp_sent(pcb, nullptr);
    tcp_err(pcb, nullptr);
    return tcp_close(pcb);
  }
  static err_t push(Client& client) {
    std::string& unsent = client.tls.out;
    const size_t most = client.listener.most_;
    while (!unsent.empty() && client.said < most && tcp_sndbuf(client.pcb) > 0) {
      size_t part =
          std::min<size_t>({unsent.size(), most - client.said, tcp_sndbuf(client.pcb), 1460});
      if (tcp_write(client.pcb, unsent.data(), u16_t(part), TCP_WRITE_FLAG_COPY) != ERR_OK) break;
      unsent.erase(0, part);
      client.said += part;
    }
    tcp_output(client.pcb);
    return client.said >= most && client.listener.closes_ ? close(client) : err_t{ERR_OK};
  }

  netif* card_;
  const TlsServerConfig& config_;
  std::string answer_;
  tcp_pcb* listener_;
  size_t most_ = size_t(-1);
  bool closes_ = false;
  std::vector<std::unique_ptr<Client>> clients_;
};

struct HttpsLossTest : FetcherTest {
  static constexpr size_t kFileBytes = 64 << 10;

  size_t frames = 0;         ///< on the wire so far, both ways
  size_t lost = size_t(-1);  ///< number of the one that is

  void SetUp() override {
    FetcherTest::SetUp();
    ASSERT_TRUE(tls::attach_mbedtls(platform).ok());
    content.resize(kFileBytes);
    nic->lose = other->lose = [this](const Frame&) { return frames++ == lost; };
  }
  static netif* far_card() {
    netif* card = netif_list;
    while (!std::equal(kFarMac.bytes.begin(), kFarMac.bytes.end(), card->hwaddr)) card = card->next;
    return card;
  }
  static ip_addr_t far_address() { return IPADDR4_INIT(lwip_htonl(kFar.host_order())); }
  /// Sessions from before are forgotten by it.
  void trust_root() {
    network->set_trust(digest_of(DigestKind::Sha256, Certificates::get().der("root.crt")));
  }
  /// One file over a new connection with a handshake of its own.
  void get_one(const TlsServerConfig& config) {
    TlsListener server(far_card(), far_address(), config, whole(content));
    trust_root();
    frames = 0;
    Status status = get("https://boot.example/file");
    EXPECT_TRUE(status.ok()) << status.error().text;
    EXPECT_TRUE(file.text == content) << file.text.size();
    EXPECT_EQ(server.connections(), 1u) << "TCP sends again what is lost";
  }
  void lose_each(mbedtls_ssl_protocol_version version) {
    TlsServerConfig config("good", version);
    mbedtls_ssl_conf_session_tickets_cb(&config.config, nullptr, nullptr, nullptr);
    get_one(config);
    const size_t all = frames;
    EXPECT_GT(all, kFileBytes / 1460);
    for (lost = 0; lost < all; ++lost) {
      SCOPED_TRACE(lost);
      get_one(config);
      ASSERT_FALSE(HasFailure());
    }
  }
};

TEST_F(HttpsLossTest, Tls12SurvivesAnySingleLoss) { lose_each(MBEDTLS_SSL_VERSION_TLS1_2); }
TEST_F(HttpsLossTest, Tls13SurvivesAnySingleLoss) { lose_each(MBEDTLS_SSL_VERSION_TLS1_3); }

TEST_F(HttpsLossTest, ServersThatStopAreReported) {
  TlsServerConfig config("good", MBEDTLS_SSL_VERSION_TLS1_3);
  TlsListener server(far_card(), far_address(), config, whole(content));
  for (size_t bytes : {0, 50, 500}) {
    for (bool closes : {true, false}) {
      SCOPED_TRACE(cat(bytes, closes ? ", then closes" : ", then is silent"));
      server.stop_after(bytes, closes);
      trust_root();
      Status status = get("https://boot.example/file");
      ASSERT_FALSE(status.ok());
      EXPECT_NE(status.error().text.find("TLS handshake"), std::string::npos)
          << status.error().text;
      EXPECT_EQ(status.error().code, closes ? Errc::Reset : Errc::TimedOut);
      EXPECT_EQ(file.text, "");
    }
  }
}

}  // namespace
}  // namespace hawser
