// Hostile OCSP answers: the input is a certificate, that of its issuer, and the answer, all DER.
#include "net/tls/ocsp.h"

#include <algorithm>

#include "net/tls/certificate.h"
#include "net/tls/port/glue.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fuzz/check.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fuzz::check;
  static fakes::FakePlatform machine(1u << 20);
  static bool attached = tls::attach_mbedtls(machine).ok();
  check(attached);
  Bytes rest{data, size};
  tls::Certificate certificate, issuer;
  for (auto* one : {&certificate, &issuer}) {
    auto der = tls::take_whole_der(rest, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (!der || tls::add_certificate(one->crt, *der) != 0) return 0;
  }
  tls::needs_ocsp(certificate.crt);
  Status status = tls::check_ocsp(rest, certificate.crt, issuer.crt);
  if (!status.ok()) check(status.error().text.size() > 20);
  return 0;
}
