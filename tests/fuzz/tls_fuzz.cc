// Hostile bytes from a server to the TLS client. The first byte tells in how large pieces they come.
// The client's random numbers are the same each time, so that a recorded handshake goes on for long.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "net/tls/context.h"
#include "net/tls/session.h"
#include "tests/fakes/fake_platform.h"

using namespace hawser;

namespace {

constexpr uint64_t kRam = 1u << 20;

void require(bool condition) {
  if (!condition) std::abort();
}

/// A machine as it was at the start. Two take turns: TLS seeds its generator anew for another one.
Platform& fresh_machine() {
  static std::optional<fakes::FakePlatform> machines[2];
  static bool second = false;
  second = !second;
  return machines[second].emplace(kRam);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  auto context = std::move(*tls::Context::create(fresh_machine()));
  auto session = std::move(*tls::Session::create(*context, "boot.example", 443));
  require(session->start().ok());
  require(!session->output().empty());
  Bytes wire{data + 1, size - 1};
  size_t piece = data[0] == 0 ? wire.size() : data[0];
  bool failed = false;
  while (!wire.empty()) {
    Bytes part = wire.first(std::min(piece, wire.size()));
    wire = wire.subspan(part.size());
    Status status = session->receive(part, [](Bytes) {
      require(false);  // nobody whom we trust has sent anything
      return true;
    });
    if (!status.ok()) require(!status.error().text.empty());
    failed |= !status.ok();
    require((session->state() == tls::Session::State::Failed) == failed);
  }
  require(session->state() != tls::Session::State::Open);
  session->close();
  return 0;
}
