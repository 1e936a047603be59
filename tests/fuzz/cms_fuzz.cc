// Hostile signatures: nobody whom we trust has signed anything, and what is wrong is said.
#include "net/tls/cms.h"
#include "net/tls/port/glue.h"
#include "net/tls/signature.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fuzz/check.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fuzz::check;
  static fakes::FakePlatform machine(1u << 20);
  static bool attached = tls::attach_mbedtls(machine).ok();
  check(attached);
  Bytes message{data, size};
  auto inside = [&](Bytes part) {
    check(part.empty() || (part.data() >= data && part.data() + part.size() <= data + size));
  };
  if (auto parsed = tls::parse_signed_data(message); parsed.ok()) {
    check(!parsed->signers.empty());
    for (Bytes certificate : parsed->certificates) inside(certificate);
    for (const tls::CmsSigner& signer : parsed->signers) {
      for (Bytes part : {signer.issuer, signer.serial, signer.key_id, signer.attributes,
                         signer.algorithm, signer.signature})
        inside(part);
      if (auto attributes = tls::parse_signed_attributes(signer.attributes); attributes.ok()) {
        inside(attributes->content_type);
        inside(attributes->message_digest);
      }
    }
  }
  tls::Trust trust;
  Status status = tls::check_signature(bytes_of("#!ipxe\necho signed\n"), message, "", trust);
  check(!status.ok());
  check(!status.error().text.empty());
  return 0;
}
