// The client whose end of recorded TLS connections can be played again. An input is:
//   1 byte    in how large pieces the server's bytes come; 0: in one
//   32 bytes  the fingerprint of the root to trust
//   the rest  all that the server says
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "net/tls/context.h"
#include "net/tls/session.h"
#include "tests/fakes/fake_platform.h"

namespace hawser::fuzz {

/// Its random numbers and its clock are the same each time, so that what a server has answered to
/// one of them fits all others.
class TlsClient {
 public:
  static constexpr size_t kHeader = 1 + tls::Trust::kFingerprintBytes;

  /// Says hello. `input` has kHeader bytes or more.
  explicit TlsClient(Bytes input) : pace_(input[0]) {
    context_ = std::move(*tls::Context::create(fresh_machine()));
    context_->set_trust(input.subspan(1, tls::Trust::kFingerprintBytes));
    session_ = std::move(*tls::Session::create(*context_, "boot.example", 443));
    status_ = session_->start();
  }

  /// Takes bytes from the server, until one call fails.
  void receive(Bytes wire) {
    while (!wire.empty() && status_.ok()) {
      Bytes part = wire.first(pace_ == 0 ? wire.size() : std::min<size_t>(pace_, wire.size()));
      wire = wire.subspan(part.size());
      status_ = session_->receive(part, [&](Bytes plain) {
        received_.append(text_of(plain));
        return true;
      });
    }
  }

  tls::Session& session() { return *session_; }
  const Status& status() const { return status_; }
  const std::string& received() const { return received_; }  ///< plain bytes

 private:
  /// A machine as it was at the start. Two take turns: TLS seeds its generator anew for another
  /// one.
  static Platform& fresh_machine() {
    static std::optional<fakes::FakePlatform> machines[2];
    static bool second = false;
    second = !second;
    return machines[second].emplace(1u << 20);
  }

  size_t pace_;
  std::unique_ptr<tls::Context> context_;
  std::unique_ptr<tls::Session> session_;
  Status status_ = ok_status();
  std::string received_;
};

}  // namespace hawser::fuzz
