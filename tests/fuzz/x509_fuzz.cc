// Hostile files of certificates: what is taken out of them lies within them.
#include <algorithm>

#include "net/tls/certificate.h"
#include "net/tls/name_constraints.h"
#include "net/tls/ocsp.h"
#include "tests/fuzz/check.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fuzz::check;
  auto files = tls::split_certificates({data, size});
  if (!files.ok()) {
    check(!files.error().text.empty());
    return 0;
  }
  tls::NameConstraints constraints;
  for (const auto& der : *files) {
    check(!der.empty() && der.size() <= size);
    tls::Certificate one;
    if (tls::add_certificate(one.crt, der) != 0) continue;
    tls::common_name(one.crt.subject);
    tls::needs_ocsp(one.crt);
    for (const std::string& uri : tls::issuer_uris(one.crt)) check(uri.size() > 6);
    constraints.problem(one.crt, "boot.example");
    constraints.add(one.crt);
  }
  return 0;
}
