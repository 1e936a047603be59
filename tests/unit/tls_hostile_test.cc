// The TLS client against servers, and those in between, that do not do as they should.
#include <gmock/gmock.h>

#include "src/base/format.h"
#include "tests/unit/tls_fixture.h"

namespace hawser::tls {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kRecordHeader = 5;
constexpr char kDataRecord = 23;

/// Where the records in `wire` begin (RFC 8446 §5.1).
std::vector<size_t> records(std::string_view wire) {
  std::vector<size_t> starts;
  for (size_t at = 0; at + kRecordHeader <= wire.size();) {
    starts.push_back(at);
    at += kRecordHeader + (size_t(uint8_t(wire[at + 3])) << 8 | uint8_t(wire[at + 4]));
  }
  return starts;
}

struct TlsHostileTest : TlsTest {
  void one_connection(mbedtls_ssl_protocol_version version) {
    trust("root.crt");
    connect("good", "boot.example", version);
  }
};

TEST_F(TlsHostileTest, AChangedRecordOfDataIsSeen) {
  for (auto version : {kTls12, kTls13}) {
    bool changed = false;
    meddle = [&](std::string& wire) {
      // The answer comes in a flight of its own: data, then the goodbye.
      auto starts = records(wire);
      if (changed || starts.size() < 2 || wire[0] != kDataRecord) return;
      if (version == kTls13 && starts.size() > 3) return;  // the handshake looks like data, too
      wire[starts[1] - 1] ^= 1;
      changed = true;
    };
    one_connection(version);
    EXPECT_TRUE(changed);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, Errc::Protocol);
    EXPECT_EQ(status.error().text, "a TLS record was changed on its way");
    EXPECT_EQ(received, "");
  }
}

TEST_F(TlsHostileTest, RecordsCannotComeTwiceOrInAnotherOrder) {
  for (auto version : {kTls12, kTls13}) {
    for (bool twice : {true, false}) {
      bool changed = false;
      meddle = [&](std::string& wire) {
        auto starts = records(wire);
        if (changed || starts.size() < 2 || wire[0] != kDataRecord || starts.size() > 3) return;
        std::string first = wire.substr(0, starts[1]);
        wire = twice ? first + wire : wire.substr(starts[1]) + first;
        changed = true;
      };
      one_connection(version);
      EXPECT_TRUE(changed);
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().text, "a TLS record was changed on its way");
      EXPECT_THAT(received, AnyOf("", "answer")) << "never twice; the first record may be a ticket";
    }
  }
}

// RFC 8446 §4.1.3: a server that knows TLS 1.3 marks its random number when it agrees on less.
TEST_F(TlsHostileTest, TheMarkOfADowngradeIsSeen) {
  constexpr size_t kRandom = kRecordHeader + 4 + 2;
  for (auto [mark, is_one] : {std::pair{std::string("DOWNGRD\1", 8), true},
                              {std::string("DOWNGRD\0", 8), true},
                              {std::string("DOWNGRD\2", 8), false}}) {
    std::string said;
    bool first = true;
    meddle = [&, mark = mark](std::string& wire) {
      if (std::exchange(first, false)) wire.replace(kRandom + 24, 8, mark);
    };
    meddle_up = [&](std::string& wire) { said += wire; };
    one_connection(kTls12);
    ASSERT_FALSE(status.ok());
    said += client_output;
    constexpr std::string_view kIllegalParameter{"\x15\x03\x03\0\2\2\x2f", 7};
    EXPECT_EQ(said.ends_with(kIllegalParameter), is_one);
    // The other mark only breaks the signature, some messages later.
    EXPECT_EQ(status.error().text.starts_with("the server chose what TLS forbids"), is_one)
        << status.error().text;
  }
}

TEST_F(TlsHostileTest, AServerMayStopAnywhere) {
  for (auto version : {kTls12, kTls13}) {
    size_t all = 0;
    meddle = [&](std::string& wire) { all += records(wire).size(); };
    one_connection(version);
    ASSERT_EQ(received, "answer");
    const size_t of_answer = 2;  // data and goodbye
    ASSERT_GT(all, of_answer + 4);
    for (size_t stop = 0; stop < all; ++stop) {
      SCOPED_TRACE(stop);
      for (size_t extra : {0, 3}) {  // after a whole record, and within the next
        size_t passed = 0;
        meddle = [&](std::string& wire) {
          auto starts = records(wire);
          if (passed + starts.size() > stop)
            wire.resize(stop < passed ? 0 : std::min(starts[stop - passed] + extra, wire.size()));
          passed += starts.size();
        };
        one_connection(version);
        EXPECT_TRUE(status.ok()) << status.error().text;
        EXPECT_NE(end_state, State::Ended);
        EXPECT_NE(end_state, State::Failed);
        EXPECT_EQ(received, stop + of_answer < all ? "" : received);
      }
    }
  }
}

// Those that mbedTLS's server would not show.
TEST_F(TlsHostileTest, CertificatesForOtherUsesAreRefused) {
  const std::pair<std::string, const char*> kRefused[] = {
      {"usage", "the certificate is not meant for a server (key usage)"},
      {"keyusage", "the certificate is not meant for a server (key usage)"},
      {"critical", "a certificate of the server has a critical extension that is not supported"},
  };
  for (auto& [name, reason] : kRefused)
    for (std::string version : {"-tls1_2", "-tls1_3"}) {
      if (name == "keyusage" && version == "-tls1_2") continue;  // OpenSSL would not show it
      SCOPED_TRACE(name + version);
      trust("root.crt");
      EXPECT_EQ(fetch(cat("-cert ", name, ".crt -key ", name, ".key -cert_chain ", name, ".pem ",
                          version)),
                reason);
    }
}

TEST_F(TlsHostileTest, ChainsMayHaveSixteenKibibytes) {
  for (std::string version : {"-tls1_2", "-tls1_3"}) {
    auto with = [&](size_t authorities) {
      trust("root.crt");
      std::ofstream file(folder + "/long.pem");
      for (size_t i = 0; i < authorities; ++i)
        file << Certificates::get().pem("middle.crt").c_str();
      file << Certificates::get().pem("root.crt").c_str();
      file.close();
      return fetch(cat("-cert good.crt -key good.key -cert_chain long.pem ", version));
    };
    size_t each = Certificates::get().der("middle.crt").size() + 5;
    size_t room = 16384 - Certificates::get().der("good.crt").size() -
                  Certificates::get().der("root.crt").size() - 10 - 64;
    EXPECT_THAT(with(room / each), StartsWith("HTTP/1.0 200"));
    EXPECT_THAT(with(room / each + 2), HasSubstr("certificates together may have 16 KiB"));
    EXPECT_THAT(fetch("-cert huge.crt -key huge.key " + version),
                HasSubstr("certificates together may have 16 KiB"));
    EXPECT_THAT(fetch("-cert good.crt -key good.key -cert_chain many.pem " + version),
                HasSubstr("certificates together may have 16 KiB"));
  }
}

}  // namespace
}  // namespace hawser::tls
