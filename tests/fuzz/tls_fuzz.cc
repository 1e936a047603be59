// Hostile bytes from a server to the TLS client (tls_client.h has the form of an input). The seeds
// are recorded connections (tests/unit/tls_seeds_test.cc), so that inputs near them go on for long.
#include "tests/fuzz/check.h"
#include "tests/fuzz/tls_client.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fuzz::check;
  using State = tls::Session::State;
  if (size < fuzz::TlsClient::kHeader) return 0;
  Bytes input{data, size};
  fuzz::TlsClient client(input);
  check(client.status().ok() && !client.session().output().empty());
  client.receive(input.subspan(fuzz::TlsClient::kHeader));
  State state = client.session().state();
  check(client.status().ok() == (state != State::Failed));
  if (!client.status().ok()) check(!client.status().error().text.empty());
  // Only servers whose key we do not have can have said this, when the seeds were recorded.
  constexpr std::string_view kPage = "HTTP/1.0 200 ok";
  size_t shown = std::min(kPage.size(), client.received().size());
  check(client.received().compare(0, shown, kPage, 0, shown) == 0);
  client.session().close();
  return 0;
}
