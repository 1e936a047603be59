#include "net/tls/roots.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

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

using Der = std::vector<uint8_t>;

/// ITU-T X.690: a tag, the length of all parts, and these.
Der element(uint8_t tag, std::initializer_list<Bytes> parts) {
  size_t bytes = 0;
  for (Bytes part : parts) bytes += part.size();
  Der der{tag};
  if (bytes < 0x80) der.push_back(uint8_t(bytes));
  else der.insert(der.end(), {0x82, uint8_t(bytes >> 8), uint8_t(bytes)});
  for (Bytes part : parts) der.insert(der.end(), part.begin(), part.end());
  return der;
}

/// RFC 5280 §4.1: version 3, serial number 1, always valid, and a certificate authority.
Der certificate(const Root& root) {
  constexpr uint8_t kSequence = 0x30, kBitString = 0x03, kExtensions = 0xa3;
  static constexpr uint8_t kVersionAndSerial[] = {0xa0, 3, 2, 1, 2, 2, 1, 1};
  static constexpr uint8_t kEcdsaSha256[] = {0x30, 10, 6, 8,    0x2a, 0x86,
                                             0x48, 0xce, 0x3d, 4, 3, 2};
  static constexpr char kValidity[] = "\x17\x0d" "500101000000Z" "\x18\x0f" "99991231235959Z";
  // Critical, and its value is SEQUENCE { cA TRUE }.
  static constexpr uint8_t kBasicConstraints[] = {0x30, 17, 0x30, 15, 6, 3, 0x55, 0x1d, 0x13, 1, 1,
                                                  0xff, 4, 5, 0x30, 3, 1, 1, 0xff};
  static constexpr uint8_t kNoUnusedBits[] = {0};
  Der validity = element(kSequence, {bytes_of(kValidity)});
  Der constraints = element(kExtensions, {Bytes{kBasicConstraints}});
  Der to_be_signed = element(kSequence, {kVersionAndSerial, kEcdsaSha256, root.name, validity,
                                         root.name, root.key, constraints});
  return element(kSequence, {to_be_signed, kEcdsaSha256, element(kBitString, {kNoUnusedBits})});
}

}  // namespace

std::vector<std::vector<uint8_t>> roots_named(Bytes subject) {
  std::vector<std::vector<uint8_t>> found;
  Bytes table{hawser_roots, hawser_roots_bytes};
  while (auto root = next_root(table))
    if (std::equal(root->name.begin(), root->name.end(), subject.begin(), subject.end()))
      found.push_back(certificate(*root));
  return found;
}

size_t count_roots() {
  size_t count = 0;
  Bytes table{hawser_roots, hawser_roots_bytes};
  while (next_root(table)) ++count;
  return count;
}

}  // namespace hawser::tls
