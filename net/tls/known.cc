#include "net/tls/known.h"

#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::tls {
namespace {

KnownCertificate describe(const mbedtls_x509_crt& certificate) {
  return {.name = common_name(certificate.subject),
          .sha1 = digest_of(DigestKind::Sha1, contents_of(certificate.raw))};
}

}  // namespace

std::vector<KnownCertificate> known_certificates(Context& context) {
  std::vector<KnownCertificate> known;
  const Trust& trust = context.trust();
  for (auto* root = &trust.roots(); root && root->raw.len > 0; root = root->next) {
    known.push_back(describe(*root));
    known.back().permanent = true;
    known.back().is_root = !trust.has_fingerprints() || trust.names(*root);
  }
  for (auto* own = &context.identity(); own && own->raw.len > 0; own = own->next) {
    known.push_back(describe(*own));
    known.back().permanent = true;
  }
  for (const auto& stored : trust.stored()) {
    known.push_back(describe(stored->certificate.crt));
    known.back().by_user = stored->by_user;
    known.back().is_root = trust.is_root(*stored);
  }
  return known;
}

Status store_certificates(Bytes file, std::string_view name, Trust& trust) {
  auto certificates = TRY(split_certificates(file));
  bool found = name.empty();
  for (const auto& der : certificates) {
    Certificate one;
    bool readable = add_certificate(one.crt, der) == 0;
    if (!name.empty() && (!readable || common_name(one.crt.subject) != name)) continue;
    found = true;
    TRY(trust.store(der, true));
  }
  if (!found)
    return Error{Errc::NotFound, cat('"', printable(name, 80), "\" : no such certificate")};
  return ok_status();
}

}  // namespace hawser::tls
