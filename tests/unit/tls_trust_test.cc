// Whom the TLS client believes: stored certificates, missing ones, name constraints; and who we are.
#include <gmock/gmock.h>

#include "net/http/issuer.h"
#include "net/tls/known.h"
#include "src/base/format.h"
#include "tests/unit/tls_fixture.h"

namespace hawser::tls {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct TlsTrustTest : TlsTest {
  void store(const std::string& file, std::string_view name = "") {
    std::string pem = Certificates::get().pem(file);
    Status stored = store_certificates(bytes_of(pem), name, context->trust());
    ASSERT_TRUE(stored.ok()) << stored.error().text;
    context->forget_sessions();
  }
  std::vector<std::string> known() {
    std::vector<std::string> lines;
    for (const KnownCertificate& one : known_certificates(*context))
      lines.push_back(cat(one.name, one.permanent ? " permanent" : "", one.by_user ? " by user" : "",
                          one.is_root ? " root" : ""));
    return lines;
  }
};

std::vector<uint8_t> file_bytes(const std::string& name) {
  std::string text = Certificates::get().pem(name);
  return {text.begin(), text.end() - 1};
}

TEST_F(TlsTrustTest, FilesOfCertificatesAreTakenApart) {
  auto good = Certificates::get().der("good.crt"), middle = Certificates::get().der("middle.crt"),
       root = Certificates::get().der("root.crt");
  EXPECT_THAT(*split_certificates(file_bytes("good.pem")), ElementsAre(good, middle, root));
  std::vector<uint8_t> both = good;
  both.insert(both.end(), root.begin(), root.end());
  EXPECT_THAT(*split_certificates(both), ElementsAre(good, root));
  auto p7 = file_bytes("good.p7");
  EXPECT_THAT(*split_certificates(p7), testing::UnorderedElementsAre(good, middle, root));
  for (size_t bytes = 0; bytes < good.size(); ++bytes)
    EXPECT_FALSE(split_certificates(Bytes(good).first(bytes)).ok()) << bytes;
  for (size_t bytes = 0; bytes < p7.size(); ++bytes)
    if (auto some = split_certificates(Bytes(p7).first(bytes)); some.ok())
      ADD_FAILURE() << "cut off after " << bytes;
  EXPECT_FALSE(split_certificates(bytes_of("#!ipxe\n")).ok());
}

TEST_F(TlsTrustTest, StoredSelfSignedCertificatesAreRoots) {
  context->set_trust({});
  store("root.crt");
  store("selfsigned.crt");
  for (std::string name : {"good", "goodrsa", "selfsigned"}) {
    connect(name);
    EXPECT_TRUE(status.ok()) << name << ": " << status.error().text;
  }
  EXPECT_THAT(known(), ElementsAre("Test root by user root", "Test selfsigned by user root"));
  connect("unknown");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(context->trust().forget("Test root"), 1u);
  context->forget_sessions();
  connect("good");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().text, HasSubstr("root \"Test root\" is not trusted"));
  connect("selfsigned");
  EXPECT_TRUE(status.ok());
}

TEST_F(TlsTrustTest, FingerprintsHoldForStoredCertificatesAndNothingElse) {
  store("root.crt");
  store("root2.crt");
  store("middle.crt");
  connect("missing");  // sends its own certificate alone
  EXPECT_TRUE(status.ok()) << status.error().text;
  EXPECT_THAT(known(), ElementsAre("Test root by user root", "Test root2 by user", "Test middle by user"));
  connect("unknown");
  ASSERT_FALSE(status.ok()) << "stored, but not the one that the fingerprint names";
  EXPECT_THAT(status.error().text, HasSubstr("root \"Test root2\" is not trusted"));
}

TEST_F(TlsTrustTest, StoredIntermediatesCompleteChainsButAreNoRoots) {
  context->set_trust({});
  store("middle.crt");
  connect("missing");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().text, HasSubstr("was issued by \"Test root\", which is no trusted root"));
  store("root.crt");
  for (auto version : {kTls12, kTls13}) {
    context->forget_sessions();
    connect("missing", "boot.example", version);
    EXPECT_TRUE(status.ok()) << status.error().text;
  }
}

TEST_F(TlsTrustTest, PackedRootsAreTheOnlyOnes) {
  context->set_trust({});
  ASSERT_TRUE(context->set_roots(Certificates::get().der("root2.crt")).ok());
  store("root.crt");
  connect("good");
  EXPECT_FALSE(status.ok()) << "a script cannot add to them";
  connect("unknown");
  EXPECT_TRUE(status.ok()) << status.error().text;
  EXPECT_THAT(known(), ElementsAre("Test root2 permanent root", "Test root by user"));
}

TEST_F(TlsTrustTest, OneOfAFileIsStoredByItsName) {
  store("good.pem", "Test middle");
  EXPECT_THAT(known(), ElementsAre("Test middle by user"));
  store("good.pem", "Test middle");
  EXPECT_EQ(known().size(), 1u);
  std::string pem = Certificates::get().pem("good.pem");
  Status none = store_certificates(bytes_of(pem), "nobody", context->trust());
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().text, "\"nobody\" : no such certificate");
  EXPECT_EQ(context->trust().forget(""), 1u);
  EXPECT_THAT(known(), IsEmpty());
}

TEST_F(TlsTrustTest, WhatIsMissingIsTold) {
  connect("good");
  EXPECT_FALSE(missing);
  connect("expired");
  EXPECT_FALSE(missing) << "fetching would not help";
  connect("aia");
  ASSERT_TRUE(missing);
  EXPECT_THAT(missing->uris, ElementsAre("http://10.77.0.1/middle.der"));
  auto middle = Certificates::get().der("middle.crt");
  ASSERT_TRUE(*context->trust().store(middle, false));
  EXPECT_FALSE(*context->trust().store(middle, false)) << "is there already";
  EXPECT_THAT(known(), ElementsAre("Test middle"));
  connect("aia");
  ASSERT_TRUE(missing) << "the root that the fingerprint names";
  EXPECT_THAT(missing->uris, IsEmpty());
  store("root.crt");
  connect("aia");
  EXPECT_TRUE(status.ok()) << status.error().text;
  EXPECT_EQ(http::crosscert_uri("http://ca.example/auto/", bytes_of("123456789~~~")),
            "http://ca.example/auto/2fbb152d.der?subject=MTIzNDU2Nzg5fn5%2B");
}

TEST_F(TlsTrustTest, NameConstraintsAreEnforced) {
  const struct {
    const char *name, *host, *reason;
  } kCases[] = {
      {"inside", "a.wild.example", ""},
      {"inside", "10.77.0.1", ""},
      {"named", "a.wild.example", ""},
      {"inhole", "boot.example", ""},
      {"inhole", "hole.wild.example",
       "authority \"Test hole\" may not issue certificates for hole.wild.example (name constraints)"},
      {"outside", "a.wild.example", "\"Test fence\" may not issue certificates for boot.example"},
      {"outside", "boot.example", "\"Test fence\" may not issue certificates for boot.example"},
      {"elsewhere", "10.78.0.1", "\"Test fence\" may not issue certificates for 10.78.0.1"},
      {"misnamed", "a.wild.example", "\"Test names\" may not issue certificates for its subject"},
      {"mailer", "a.wild.example", "\"Test people\" may not issue certificates for one of its names"},
  };
  for (auto& [name, host, reason] : kCases) {
    for (auto version : {kTls12, kTls13}) {
      SCOPED_TRACE(cat(name, " ", host, version == kTls12 ? " TLS 1.2" : " TLS 1.3"));
      trust("root.crt");
      connect(name, host, version);
      std::string text = status.ok() ? "" : status.error().text;
      EXPECT_EQ(text.empty(), std::string_view(reason).empty()) << text;
      EXPECT_THAT(text, HasSubstr(reason));
    }
  }
}

TEST_F(TlsTrustTest, ServersLearnWhoWeAre) {
  for (std::string name : {"client", "clientrsa"}) {
    auto certificate = file_bytes(name + ".der"), key = file_bytes(name + ".key.der");
    for (auto version : {kTls12, kTls13}) {
      SCOPED_TRACE(cat(name, version == kTls12 ? " TLS 1.2" : " TLS 1.3"));
      TlsServerConfig config("good", version);
      config.ask_for_client("middle.crt");
      ASSERT_TRUE(context->set_identity(certificate, key).ok());
      {
        TlsServer server(config, "answer");
        auto session = client();
        run(*session, server);
        EXPECT_TRUE(status.ok()) << status.error().text;
        EXPECT_EQ(received, "answer");
        EXPECT_EQ(server.client_name(), "Test " + name);
      }
      ASSERT_TRUE(context->set_identity({}, {}).ok());
      TlsServer server(config, "answer");
      auto session = client();
      run(*session, server);
      EXPECT_EQ(received, "");
      EXPECT_FALSE(server.is_open());
    }
  }
}

TEST_F(TlsTrustTest, AnIdentityHasToBeAPair) {
  auto certificate = file_bytes("client.der"), key = file_bytes("clientrsa.key.der");
  auto text = [&](Bytes c, Bytes k) { return context->set_identity(c, k).error().text; };
  EXPECT_THAT(text(certificate, key), HasSubstr("for another key"));
  EXPECT_THAT(text(certificate, Bytes(key).first(40)), HasSubstr("the key of the client certificate"));
  EXPECT_THAT(text(Bytes(certificate).first(40), key), HasSubstr("client certificate 1 cannot be read"));
}

TEST_F(TlsTrustTest, NobodyCanTalkUsIntoAnOlderVersion) {
  TlsServerConfig config("good", kTls13);
  mbedtls_ssl_conf_min_tls_version(&config.config, kTls12);
  bool changed = false;
  meddle_up = [&](std::string& wire) {  // supported_versions (RFC 8446 §4.2.1) without TLS 1.3
    size_t at = wire.find(std::string("\0\x2b\0\5\4\3\4\3\3", 9));
    if (at == std::string::npos) return;
    wire.replace(at + 5, 2, "\3\3");
    changed = true;
  };
  TlsServer server(config, "answer");
  auto session = client();
  run(*session, server);
  EXPECT_TRUE(changed);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(received, "");
}

}  // namespace
}  // namespace hawser::tls
