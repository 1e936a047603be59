// Digests by mbedTLS: see digest.h. Its functions fail only for arguments that cannot occur here.
#include "src/crypto/digest.h"

#include <variant>

#include "mbedtls/md5.h"
#include "mbedtls/sha1.h"
#include "mbedtls/sha256.h"
#include "mbedtls/sha512.h"
#include "src/base/text.h"

namespace hawser {
namespace {

struct Row {
  DigestKind kind;
  std::string_view name;
  size_t bytes;
};
constexpr Row kRows[] = {
    {DigestKind::Md5, "md5", 16},       {DigestKind::Sha1, "sha1", 20},
    {DigestKind::Sha224, "sha224", 28}, {DigestKind::Sha256, "sha256", 32},
    {DigestKind::Sha384, "sha384", 48}, {DigestKind::Sha512, "sha512", 64},
};

const Row& row_of(DigestKind kind) { return kRows[size_t(kind)]; }

using Md5 = mbedtls_md5_context;
using Sha1 = mbedtls_sha1_context;
using Sha256 = mbedtls_sha256_context;
using Sha512 = mbedtls_sha512_context;

struct Update {
  Bytes bytes;
  void operator()(Md5& c) { mbedtls_md5_update(&c, bytes.data(), bytes.size()); }
  void operator()(Sha1& c) { mbedtls_sha1_update(&c, bytes.data(), bytes.size()); }
  void operator()(Sha256& c) { mbedtls_sha256_update(&c, bytes.data(), bytes.size()); }
  void operator()(Sha512& c) { mbedtls_sha512_update(&c, bytes.data(), bytes.size()); }
};

struct Finish {
  uint8_t* out;
  void operator()(Md5& c) { mbedtls_md5_finish(&c, out); }
  void operator()(Sha1& c) { mbedtls_sha1_finish(&c, out); }
  void operator()(Sha256& c) { mbedtls_sha256_finish(&c, out); }
  void operator()(Sha512& c) { mbedtls_sha512_finish(&c, out); }
};

}  // namespace

struct Digest::State {
  std::variant<Md5, Sha1, Sha256, Sha512> context;
};

Digest::Digest(DigestKind kind) : kind_(kind), state_(std::make_unique<State>()) {
  auto& context = state_->context;
  switch (kind) {
    case DigestKind::Md5:
      mbedtls_md5_starts(&context.emplace<Md5>());
      break;
    case DigestKind::Sha1:
      mbedtls_sha1_starts(&context.emplace<Sha1>());
      break;
    case DigestKind::Sha224:
    case DigestKind::Sha256:
      mbedtls_sha256_starts(&context.emplace<Sha256>(), kind == DigestKind::Sha224);
      break;
    case DigestKind::Sha384:
    case DigestKind::Sha512:
      mbedtls_sha512_starts(&context.emplace<Sha512>(), kind == DigestKind::Sha384);
      break;
  }
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(Bytes bytes) { std::visit(Update{bytes}, state_->context); }

std::vector<uint8_t> Digest::finish() {
  uint8_t out[64] = {};  // SHA-384 is stored in 48 bytes, but never more than this
  std::visit(Finish{out}, state_->context);
  return {out, out + row_of(kind_).bytes};
}

std::optional<DigestKind> digest_named(std::string_view name) {
  for (const Row& row : kRows)
    if (equal_ignoring_case(name, row.name)) return row.kind;
  return std::nullopt;
}

std::string_view digest_name(DigestKind kind) { return row_of(kind).name; }

std::vector<uint8_t> digest_of(DigestKind kind, Bytes bytes) {
  Digest digest(kind);
  digest.update(bytes);
  return digest.finish();
}

}  // namespace hawser
