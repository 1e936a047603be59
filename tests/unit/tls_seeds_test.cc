// The seeds of the fuzz target `tls`: connections to OpenSSL's server that can be played again.
// When what the client says has changed, they have to be recorded anew:
//   RECORD_SEEDS=1 make unit ONLY=TlsSeeds*
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "src/base/format.h"
#include "src/crypto/digest.h"
#include "tests/fakes/openssl_server.h"
#include "tests/fakes/tls_server.h"
#include "tests/fuzz/tls_client.h"

namespace hawser::tls {
namespace {

using namespace fakes;
using fuzz::TlsClient;

constexpr const char* kFolder = "tests/fuzz/corpus/tls/";

struct Seed {
  const char *name, *certificate, *options;
  std::string_view outcome = "";  ///< the error; empty: there is none
};
// The fuzzer's clock is behind that of who signed the stapled answers.
constexpr Seed kSeeds[] = {
    {"tls13", "good", "-tls1_3"},
    {"tls13-rsa", "goodrsa", "-tls1_3"},
    {"tls13-retry", "good384", "-tls1_3 -groups P-384"},
    {"tls13-asks", "good", "-tls1_3 -verify 2 -CAfile root.crt"},
    {"tls13-staple", "good", "-tls1_3 -status_file good.ocsp", "is not valid before"},
    {"tls12", "good", "-tls1_2"},
    {"tls12-rsa", "goodrsa", "-tls1_2"},
    {"tls12-asks", "good384", "-tls1_2 -verify 2 -CAfile root.crt"},
    {"tls12-staple", "good", "-tls1_2 -status_file good.ocsp", "is not valid before"},
};

void record(const Seed& seed) {
  auto root = digest_of(DigestKind::Sha256, Certificates::get().der("root.crt"));
  std::string input = cat(std::string(1, '\0'), text_of(root));
  OpensslServer server(Certificates::get().folder(),
                       cat("-cert ", seed.certificate, ".crt -key ", seed.certificate,
                           ".key -cert_chain ", seed.certificate, ".pem ", seed.options));
  LocalConnection wire(server.port());
  TlsClient client(bytes_of(input));
  wire.send(std::exchange(client.session().output(), {}));
  Session& session = client.session();
  for (bool asked = false; client.status().ok() && session.state() != Session::State::Ended;) {
    std::string bytes = wire.receive();
    if (bytes.empty()) break;
    input += bytes;
    client.receive(bytes_of(bytes));
    if (session.state() == Session::State::Open && !std::exchange(asked, true)) {
      EXPECT_TRUE(session.send(bytes_of("GET / HTTP/1.0\r\n\r\n")).ok());
    }
    wire.send(std::exchange(session.output(), {}));
  }
  std::ofstream(kFolder + std::string(seed.name), std::ios::binary) << input;
}

TEST(TlsSeeds, AreWholeConnections) {
  for (const Seed& seed : kSeeds) {
    if (std::getenv("RECORD_SEEDS")) record(seed);
    SCOPED_TRACE(seed.name);
    std::ifstream file(kFolder + std::string(seed.name), std::ios::binary);
    std::string input(std::istreambuf_iterator<char>(file), {});
    ASSERT_GT(input.size(), TlsClient::kHeader);
    for (char piece : {0, 7}) {
      input[0] = piece;
      TlsClient client(bytes_of(input));
      client.receive(bytes_of(input).subspan(TlsClient::kHeader));
      if (seed.outcome.empty()) {
        EXPECT_TRUE(client.status().ok())
            << client.status().error().text << "\nhas the client changed? See the top of this file";
        EXPECT_THAT(client.received(), testing::StartsWith("HTTP/1.0 200 ok"));
      } else {
        ASSERT_FALSE(client.status().ok());
        EXPECT_THAT(client.status().error().text, testing::HasSubstr(std::string(seed.outcome)));
      }
    }
  }
}

}  // namespace
}  // namespace hawser::tls
