// Message digests over a stream of bytes: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"

namespace hawser {

enum class DigestKind : uint8_t { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

/// "sha256"; case does not matter. Nothing for a name that is none of the above.
std::optional<DigestKind> digest_named(std::string_view name);
/// In lower case, "sha256".
std::string_view digest_name(DigestKind kind);

/// One digest under way. hex_bytes(digest.finish(), "") is the usual text of it.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  DigestKind kind() const { return kind_; }
  void update(Bytes bytes);
  /// The digest, 16 to 64 bytes. Call it once; afterwards only destruction is allowed.
  std::vector<uint8_t> finish();

 private:
  struct State;
  DigestKind kind_;
  std::unique_ptr<State> state_;
};

/// The digest of bytes that are all there.
std::vector<uint8_t> digest_of(DigestKind kind, Bytes bytes);

}  // namespace hawser
