// Both ends of a TLS connection, for tests of the client.
#pragma once

#include <gtest/gtest.h>

#include "net/tls/context.h"
#include "net/tls/session.h"
#include "src/crypto/digest.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/openssl_server.h"
#include "tests/fakes/tls_server.h"

namespace hawser::tls {

using namespace fakes;
using State = Session::State;

inline constexpr auto kTls12 = MBEDTLS_SSL_VERSION_TLS1_2, kTls13 = MBEDTLS_SSL_VERSION_TLS1_3;

struct TlsTest : testing::Test {
  FakePlatform platform;  // its clock says 2026
  std::unique_ptr<Context> context;
  std::string received;
  Status status = ok_status();
  std::function<void(std::string&)> meddle = [](std::string&) {};  ///< with the server's bytes
  std::function<void(std::string&)> meddle_up = [](std::string&) {};  ///< with the client's

  void SetUp() override {
    auto made = Context::create(platform);
    ASSERT_TRUE(made.ok()) << made.error().text;
    context = std::move(*made);
    trust("root.crt");
  }
  void trust(const std::string& file) {
    context->set_trust(digest_of(DigestKind::Sha256, Certificates::get().der(file)));
  }
  std::unique_ptr<Session> client(std::string_view host = "boot.example") {
    auto made = Session::create(*context, host, 443);
    EXPECT_TRUE(made.ok());
    return std::move(*made);
  }
  /// Both ends until nothing moves any more; the server's bytes arrive in pieces of `piece`.
  void run(Session& session, TlsServer& server, size_t piece = 100'000) {
    bool asked = false;
    received.clear();
    status = session.start();
    while (status.ok()) {
      if (session.state() == State::Open && !asked) {
        asked = true;
        status = session.send(bytes_of("GET"));
      }
      std::string up = std::exchange(session.output(), {});
      meddle_up(up);
      server.in += up;
      server.work();
      std::string wire = std::exchange(server.out, {});
      if (wire.empty()) break;
      meddle(wire);
      for (size_t at = 0; at < wire.size() && status.ok(); at += piece)
        status = session.receive(bytes_of(std::string_view(wire).substr(at, piece)), [&](Bytes plain) {
          received.append(text_of(plain));
          return true;
        });
    }
  }
  /// One connection to a server with this certificate.
  void connect(const std::string& name, std::string_view host = "boot.example",
               mbedtls_ssl_protocol_version version = kTls13) {
    TlsServerConfig config(name, version);
    TlsServer server(config, "answer");
    auto session = client(host);
    run(*session, server);
    missing = session->missing_issuer();
    client_output = session->output();
    end_state = session->state();
  }
  /// A page from OpenSSL's server, started with these options; the text of the error without one.
  std::string fetch(const std::string& options) {
    OpensslServer server(folder, options);
    LocalConnection wire(server.port());
    auto session = client();
    std::string page;
    Status outcome = session->start();
    wire.send(std::exchange(session->output(), {}));
    for (bool asked = false; outcome.ok() && session->state() != State::Ended;) {
      std::string bytes = wire.receive();
      if (bytes.empty()) break;
      outcome = session->receive(bytes_of(bytes), [&](Bytes plain) {
        page.append(text_of(plain));
        return true;
      });
      if (session->state() == State::Open && !std::exchange(asked, true))
        outcome = session->send(bytes_of("GET / HTTP/1.0\r\n\r\n"));
      if (outcome.ok()) wire.send(std::exchange(session->output(), {}));
    }
    sent_last = session->output();
    return outcome.ok() ? page : outcome.error().text;
  }
  // Of the last connect():
  std::optional<MissingIssuer> missing;
  std::string client_output;  ///< what was not sent any more
  State end_state = State::Handshake;
  const std::string folder = Certificates::get().folder();
  std::string sent_last;  ///< by fetch()'s client, in the clear or not
};

}  // namespace hawser::tls
