// Stapled OCSP answers: made by `openssl ocsp`, and shown by `openssl s_server`.
#include "net/tls/ocsp.h"

#include <gmock/gmock.h>

#include <ctime>

#include "src/base/format.h"
#include "tests/unit/tls_fixture.h"

namespace hawser::tls {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int64_t kDay = 86400;

struct OcspTest : TlsTest {
  void SetUp() override {
    TlsTest::SetUp();
    platform.set_unix_time(time(nullptr));  // answers are as old as this run
  }
  void run_openssl(const std::string& command) {
    ASSERT_EQ(system(cat("cd ", folder, " && openssl ", command, " >log 2>&1").c_str()), 0)
        << command;
  }
  std::vector<uint8_t> read(const std::string& name) {
    std::string text = Certificates::get().pem(name);
    return {text.begin(), text.end() - 1};
  }
  /// An answer about NAME.crt, by that of SIGNER.
  std::vector<uint8_t> answer(const std::string& name, const std::string& signer,
                              const std::string& options = "-ndays 7",
                              const std::string& before = "") {
    run_openssl(cat("ocsp -index index -CA middle.crt -rsigner ", signer, ".crt -rkey ", signer,
                    ".key -issuer middle.crt ", before, " -cert ", name, ".crt ", options,
                    " -respout answer"));
    return read("answer");
  }
  /// What check_ocsp() says about good.crt; empty when it is good.
  std::string problem(Bytes response, const std::string& name = "good",
                      const std::string& issued_by = "middle") {
    Certificate certificate, issuer;
    EXPECT_EQ(add_certificate(certificate.crt, Certificates::get().der(name + ".crt")), 0);
    EXPECT_EQ(add_certificate(issuer.crt, Certificates::get().der(issued_by + ".crt")), 0);
    Status status = check_ocsp(response, certificate.crt, issuer.crt);
    return status.ok() ? "" : status.error().text;
  }
};

TEST_F(OcspTest, TakesTheWordOfTheIssuerAndOfWhomItNames) {
  EXPECT_EQ(problem(answer("good", "middle")), "");
  EXPECT_EQ(problem(answer("good", "responder")), "");
  EXPECT_EQ(problem(answer("good", "middle", "-ndays 7 -rmd sha384", "-sha256")), "");
  EXPECT_EQ(problem(answer("good", "middle", "-cert goodrsa.crt -ndays 7")), "")
      << "the first of two";
  EXPECT_EQ(problem(answer("goodrsa", "middle", "-cert good.crt -ndays 7")), "") << "the second";
  EXPECT_EQ(problem(answer("good", "middle", "-ndays 7 -resp_key_id")), "");
}

TEST_F(OcspTest, RefusesTheWordOfOthers) {
  constexpr const char* kReason = "is signed neither by the issuer of its certificate nor by whom";
  for (std::string signer : {"noresponder", "oldresponder", "otherresponder", "good"})
    EXPECT_THAT(problem(answer("good", signer)), HasSubstr(kReason)) << signer;
  EXPECT_THAT(problem(answer("good", "responder", "-ndays 7 -resp_no_certs")), HasSubstr(kReason));
  EXPECT_THAT(problem(answer("good", "middle", "-ndays 7 -rmd sha1")), HasSubstr("SHA-1"));
  EXPECT_THAT(problem(answer("good", "middle"), "goodrsa"),
              HasSubstr("is not about its certificate"));
  EXPECT_THAT(problem(answer("good", "middle"), "good", "rsaca"),
              HasSubstr("is not about its certificate"));
}

TEST_F(OcspTest, TellsWhatWasRevoked) {
  EXPECT_THAT(
      problem(read("revoked.ocsp"), "revoked"),
      testing::MatchesRegex("certificate \"Test revoked\" was revoked on 20.*UTC \\(its key is in "
                            "wrong hands\\); the server needs a new one"));
  run_openssl(
      "ocsp -index /dev/null -CA middle.crt -rsigner middle.crt -rkey middle.key -issuer "
      "middle.crt -cert good.crt -ndays 7 -respout answer");
  EXPECT_EQ(problem(read("answer")),
            "certificate \"Test good\" is not known to its issuer (OCSP: unknown)");
  const uint8_t try_later[] = {0x30, 3, 0x0a, 1, 3};
  EXPECT_THAT(problem(try_later), HasSubstr("is error 3 in place of one"));
}

TEST_F(OcspTest, AnswersHoldForATime) {
  const int64_t now = time(nullptr);
  auto good = answer("good", "middle"), endless = answer("good", "middle", "");
  auto at = [&](int64_t when, Bytes response) {
    platform.set_unix_time(when);
    return problem(response);
  };
  EXPECT_EQ(at(now - kOcspSlack_s / 2, good), "");
  EXPECT_THAT(at(now - kDay, good), HasSubstr("is not valid before 20"));
  EXPECT_EQ(at(now + 6 * kDay, good), "");
  std::string late = at(now + 8 * kDay, good);
  EXPECT_THAT(late, StartsWith("the OCSP answer that the server sent along expired on 20"));
  EXPECT_THAT(late, HasSubstr("UTC; the clock here says 20"));
  EXPECT_THAT(late, HasSubstr("ntp SERVER"));
  EXPECT_EQ(at(now + 6 * kDay, endless), "");
  EXPECT_THAT(at(now + 8 * kDay, endless), HasSubstr("is as old as 20"));
}

TEST_F(OcspTest, NothingOfAnAnswerCanBeChanged) {
  auto good = answer("good", "responder");
  for (size_t bytes = 0; bytes < good.size(); ++bytes)
    EXPECT_NE(problem(Bytes(good).first(bytes)), "") << bytes;
  size_t passed = 0;
  for (size_t at = 0; at < good.size(); at += 3) {
    auto changed = good;
    changed[at] ^= 0x04;
    passed += problem(changed).empty();
  }
  // What is not signed: nothing but the unused parameters of the algorithm could pass.
  EXPECT_LE(passed, 2u);
}

TEST_F(OcspTest, ServersStaple) {
  for (std::string version : {"-tls1_2", "-tls1_3", "-tls1_3 -groups P-384"}) {
    SCOPED_TRACE(version);
    auto server = [&](const std::string& name, const std::string& staple) {
      trust("root.crt");
      return fetch(cat("-cert ", name, ".crt -cert_chain ", name, ".pem -key ", name, ".key ",
                       version, staple.empty() ? "" : " -status_file ", staple));
    };
    EXPECT_THAT(server("good", ""), StartsWith("HTTP/1.0 200"));
    EXPECT_THAT(server("good", "good.ocsp"), StartsWith("HTTP/1.0 200"));
    EXPECT_THAT(server("revoked", ""), StartsWith("HTTP/1.0 200")) << "nobody told us";
    EXPECT_THAT(server("revoked", "revoked.ocsp"),
                StartsWith("certificate \"Test revoked\" was revoked on 20"));
    EXPECT_THAT(server("good", "revoked.ocsp"), HasSubstr("is not about its certificate"));
    EXPECT_THAT(server("demanding", "demanding.ocsp"), StartsWith("HTTP/1.0 200"));
    EXPECT_THAT(server("demanding", ""),
                StartsWith("certificate \"Test demanding\" demands an OCSP answer along with it"));
    if (version == "-tls1_2") {
      EXPECT_THAT(sent_last,
                  HasSubstr(std::string("\x02\x71", 2)));  // in TLS 1.3 it is encrypted
    }
    trust("revoked.crt");
    EXPECT_THAT(
        fetch(cat("-cert revoked.crt -key revoked.key -status_file revoked.ocsp ", version)),
        StartsWith("HTTP/1.0 200"))
        << "trusted by itself";
  }
}

}  // namespace
}  // namespace hawser::tls
