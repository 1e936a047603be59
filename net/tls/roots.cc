#include "net/tls/roots.h"

#include <algorithm>
#include <optional>

#include "net/tls/certificate.h"

// The table that scripts/make-roots writes: for each root two 16-bit lengths (little-endian), its
// name, and its SubjectPublicKeyInfo (RFC 5280 §4.1), both DER.
extern "C" const unsigned char hawser_roots[];
extern "C" const unsigned hawser_roots_bytes;

namespace hawser::tls {
namespace {

struct Root {
  Bytes name, key;
};

std::optional<Root> next_root(Bytes& table) {
  auto name_bytes = read_le<uint16_t>(table, 0), key_bytes = read_le<uint16_t>(table, 2);
  if (!name_bytes || !key_bytes) return std::nullopt;
  auto name = slice(table, 4, *name_bytes), key = slice(table, 4u + *name_bytes, *key_bytes);
  if (!name || !key) return std::nullopt;
  table = table.subspan(4u + *name_bytes + *key_bytes);
  return Root{*name, *key};
}

}  // namespace

std::vector<Der> roots_above(const mbedtls_x509_crt& child) {
  std::vector<Der> found;
  Bytes wanted = contents_of(child.issuer_raw), table{hawser_roots, hawser_roots_bytes};
  while (auto root = next_root(table))
    if (std::equal(root->name.begin(), root->name.end(), wanted.begin(), wanted.end()))
      found.push_back(anchor_certificate(root->name, root->key));
  return found;
}

}  // namespace hawser::tls
