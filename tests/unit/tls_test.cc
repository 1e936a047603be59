// The TLS client against mbedTLS's own server: what arrives, what is refused and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/format.h"
#include "tests/unit/tls_fixture.h"

namespace hawser::tls {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

std::string long_answer() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text.push_back(char(i * 7 + i / 251));
  return text;
}

TEST_F(TlsTest, ReadsAnAnswerWithEachVersionAndKey) {
  for (auto version : {kTls12, kTls13}) {
    for (std::string name : {"good", "good384", "goodrsa"}) {
      SCOPED_TRACE(cat(name, version == kTls12 ? " TLS 1.2" : " TLS 1.3"));
      TlsServerConfig config(name, version);
      TlsServer server(config, long_answer());
      trust("root.crt");  // nor sessions from before
      auto session = client();
      run(*session, server);
      ASSERT_TRUE(status.ok()) << status.error().text;
      EXPECT_EQ(server.request(), "GET");
      EXPECT_EQ(received, long_answer());
      EXPECT_EQ(session->state(), State::Ended);
    }
  }
}

TEST_F(TlsTest, DoesNotCareHowTheBytesArrive) {
  for (auto version : {kTls12, kTls13}) {
    TlsServerConfig config("good", version);
    trust("root.crt");
    for (size_t piece : {1, 2, 3, 5, 7, 1460}) {
      SCOPED_TRACE(piece);
      TlsServer server(config, "answer");
      auto session = client();
      run(*session, server, piece);
      ASSERT_TRUE(status.ok()) << status.error().text;
      EXPECT_EQ(received, "answer");
      EXPECT_EQ(session->state(), State::Ended);
    }
  }
}

TEST_F(TlsTest, TakesSessionsUpAgain) {
  for (auto version : {kTls12, kTls13}) {
    SCOPED_TRACE(version == kTls12 ? "TLS 1.2" : "TLS 1.3");
    trust("root.crt");
    TlsServerConfig config("good", version);
    auto resumed = [&](std::string_view host) {
      TlsServer server(config, "answer");
      auto session = client(host);
      run(*session, server);
      EXPECT_EQ(received, "answer");
      return session->resumed();
    };
    EXPECT_FALSE(resumed("boot.example"));
    EXPECT_TRUE(resumed("boot.example"));
    EXPECT_FALSE(resumed("a.wild.example")) << "another host";
    trust("root.crt");
    EXPECT_FALSE(resumed("boot.example")) << "a resumed session would skip the new trust";
  }
}

TEST_F(TlsTest, ASessionThatTheServerRefusesIsForgotten) {
  connect("good", "boot.example", kTls12);
  EXPECT_EQ(received, "answer");
  connect("good", "boot.example", kTls13);
  EXPECT_FALSE(status.ok()) << "mbedTLS offers no other version than the session's";
  connect("good", "boot.example", kTls13);
  EXPECT_EQ(received, "answer");
}

TEST_F(TlsTest, EndsWithoutGoodbyeAreSeen) {
  TlsServerConfig config("good", kTls13);
  TlsServer server(config, "answer");
  server.says_goodbye = false;
  auto session = client();
  run(*session, server);
  EXPECT_EQ(received, "answer");
  EXPECT_EQ(session->state(), State::Open) << "the carrier then knows that it was cut off";
}

TEST_F(TlsTest, NoChangedByteGetsThrough) {
  TlsServerConfig config("good", kTls13);
  size_t length = 0;
  meddle = [&](std::string& wire) { length += wire.size(); };
  {
    TlsServer server(config, "answer");
    auto session = client();
    run(*session, server);
    ASSERT_EQ(received, "answer");
  }
  for (size_t place = 0; place < length; place += 29) {
    context->set_trust(digest_of(DigestKind::Sha256, Certificates::get().der("root.crt")));
    size_t at = 0;
    meddle = [&](std::string& wire) {
      if (place >= at && place - at < wire.size()) wire[place - at] ^= 0x10;
      at += wire.size();
    };
    TlsServer server(config, "answer");
    auto session = client();
    run(*session, server);
    bool whole = received == "answer" && session->state() == State::Ended;
    bool never_came = received.empty() || received == "answer";  // a ticket or the goodbye was lost
    EXPECT_TRUE(!whole || status.ok()) << place;
    EXPECT_TRUE(never_came) << place << ": " << received;
    EXPECT_TRUE(status.ok() || session->state() == State::Failed) << place;
  }
}

TEST_F(TlsTest, RefusesBadCertificatesWithAReason) {
  const struct {
    const char* name;
    const char* reason;
  } kRefused[] = {
      {"expired", "certificate \"Test expired\" expired on 2021-01-01 00:00 UTC; the clock here says "
                  "2026-01-01 00:00 UTC; if that is wrong, correct it with: ntp SERVER"},
      {"future", "certificate \"Test future\" is not valid before 2039-01-01 00:00 UTC; the clock "
                 "here says 2026-01-01 00:00 UTC; if that is wrong, correct it with: ntp SERVER"},
      {"otherhost", "the certificate is for other.example, not for boot.example; use a name that it "
                    "has"},
      {"selfsigned", "the certificate is self-signed; if you know that it is right: set trust "},
      {"unknown", "root \"Test root2\" is not trusted; if you know that it is right: set trust "},
      {"missing", "was issued by \"Test middle\", which is no trusted root, and whose certificate the "
                  "server did not send"},
      {"sha1", "certificate \"Test sha1\" is signed with SHA-1 or MD5, which can be forged"},
      {"rsa1024", "certificate \"Test rsa1024\" has, or is signed by, a key that is too weak"},
      {"notca", "certificate \"Test notca\" was signed by \"Test good\", which is not a certificate "
                "authority"},
      {"pathlen", "authority \"Test short\" allows 0 intermediate certificates below it, and there "
                  "are 1"},
      {"demanding", "certificate \"Test demanding\" demands an OCSP answer along with it"},
  };
  for (auto& [name, reason] : kRefused) {
    for (auto version : {kTls12, kTls13}) {
      SCOPED_TRACE(cat(name, version == kTls12 ? " TLS 1.2" : " TLS 1.3"));
      connect(name, "boot.example", version);
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().code, Errc::Access);
      EXPECT_THAT(status.error().text, HasSubstr(reason));
      EXPECT_EQ(received, "");
    }
  }
}

TEST_F(TlsTest, ChecksNamesAndAddresses) {
  for (std::string_view host : {"boot.example", "BOOT.example", "x.wild.example", "10.77.0.1"}) {
    connect("good", host);
    EXPECT_TRUE(status.ok()) << host << ": " << status.error().text;
    EXPECT_EQ(received, "answer") << host;
  }
  for (std::string_view host : {"boot.example.evil", "wild.example", "a.b.wild.example", "10.77.0.2",
                                "example", "xboot.example"}) {
    connect("good", host);
    ASSERT_FALSE(status.ok()) << host;
    EXPECT_THAT(status.error().text,
                HasSubstr(cat("the certificate is for boot.example, *.wild.example, 10.77.0.1, not "
                              "for ", host)));
  }
}

TEST_F(TlsTest, AFingerprintMayBeThatOfAnAuthorityOrOfALoneCertificate) {
  for (auto [file, name] : {std::pair{"middle.crt", "good"}, {"selfsigned.crt", "selfsigned"},
                            {"good.crt", "missing"}}) {
    trust(file);
    connect(name);
    EXPECT_TRUE(status.ok()) << file << ": " << status.error().text;
  }
  trust("root2.crt");
  connect("good");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().text, HasSubstr("root \"Test root\" is not trusted"));
  context->set_trust({});
  connect("good");
  EXPECT_FALSE(status.ok()) << "the built-in roots do not have the test's";
}

TEST_F(TlsTest, WhatIsNotTlsIsExplained) {
  const struct {
    std::string bytes;
    Errc code;
    const char* text;
  } kAnswers[] = {
      {"HTTP/1.1 400 Bad Request\r\n\r\n", Errc::Protocol, "plain HTTP on this port; use http://"},
      {"SSH-2.0-OpenSSH_9\r\n", Errc::Protocol, "malformed TLS record|mbedTLS -0x"},
      {{"\x15\x03\x03\0\x02\x02\x28", 7}, Errc::Reset, "no cipher or key exchange in common"},
      {{"\x15\x03\x01\0\x02\x02\x46", 7}, Errc::Reset, "no TLS version in common"},
      {{"\x15\x03\x03\0\x02\x02\x70", 7}, Errc::Reset, "does not know a host of this name"},
      {{"\x15\x03\x03\0\x02\x02\x63", 7}, Errc::Reset, "the server refuses TLS: alert 99"},
  };
  for (auto& [bytes, code, text] : kAnswers) {
    SCOPED_TRACE(text);
    auto session = client();
    ASSERT_TRUE(session->start().ok());
    Status answer = session->receive(bytes_of(bytes), [](Bytes) { return true; });
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code);
    EXPECT_THAT(answer.error().text, ContainsRegex(text));
    EXPECT_EQ(session->state(), State::Failed);
  }
}

/// A machine on which encrypting takes a time of its own for each cipher.
struct TimedPlatform : FakePlatform {
  uint64_t aes_us = 1, chacha_us = 1, at_us = 0;
  int calls = 0;  // since the processor was asked what it has

  std::optional<Cpuid> cpuid(uint32_t leaf, uint32_t subleaf) override {
    calls = 0;
    return FakePlatform::cpuid(leaf, subleaf);
  }
  uint64_t now_us() override {
    ++calls;
    return at_us += calls % 3 == 2 ? aes_us : calls % 3 == 0 ? chacha_us : 1;
  }
};

TEST_F(TlsTest, TheFasterCipherComesFirst) {
  constexpr uint32_t kAesAndPclmulqdq = 1u << 25 | 1u << 1;
  constexpr std::string_view kAes{"\x13\x01", 2}, kChacha{"\x13\x03", 2};
  const struct {
    uint32_t features;
    uint64_t aes_us, chacha_us;
    std::string_view first;
  } kCases[] = {{kAesAndPclmulqdq, 5, 20, kAes},
                {kAesAndPclmulqdq, 20, 20, kAes},
                {kAesAndPclmulqdq, 400, 80, kChacha},
                {1u << 25, 5, 20, kChacha},
                {0, 5, 20, kChacha}};
  for (const auto& each : kCases) {
    TimedPlatform timed;
    timed.aes_us = each.aes_us;
    timed.chacha_us = each.chacha_us;
    timed.cpuid_leaves = {{0, {1, 0, 0, 0}}, {1, {0, 0, each.features, 0}}};
    auto made = Context::create(timed);
    ASSERT_TRUE(made.ok());
    auto session = std::move(*Session::create(**made, "boot.example", 443));
    ASSERT_TRUE(session->start().ok());
    const std::string& hello = session->output();
    constexpr size_t kSessionId = 5 + 4 + 2 + 32;  // RFC 8446 §4.1.2
    EXPECT_EQ(hello.substr(kSessionId + 1 + uint8_t(hello[kSessionId]) + 2, 2), each.first);
  }
}

TEST_F(TlsTest, RefusesToWorkWithoutRandomNumbers) {
  FakePlatform dull;
  dull.has_entropy = false;
  auto made = Context::create(dull);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Errc::Unsupported);
  EXPECT_EQ(made.error().text, "HTTPS needs random numbers: no noise here");
}

}  // namespace
}  // namespace hawser::tls
