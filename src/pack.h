// What scripts/hawser-pack added to a built artifact: an embedded script, settings, certificates.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser {

struct PackEntry {
  enum class Kind : uint32_t {
    Script = 1,   ///< run before anything else, in place of automatic boot
    Setting = 2,  ///< `name` as in `set name value`, applied at start
    Roots = 3,    ///< "ca": trusted certificates in place of the built-in ones; DER, one after another
    Certificate = 4,  ///< "cert": the client certificate, then those up to its authority; DER
    Key = 5,          ///< "key": its private key, DER
  };
  Kind kind;
  std::string_view name;  ///< borrowed from the pack, as `data` is
  Bytes data;
};

/// Takes a pack apart. Layout, all little-endian: the version, 1, as 32 bits; then entries of three
/// 32-bit words (kind, bytes of name, bytes of data), name and data, padded with zeros to 4 bytes.
/// An empty pack has no entries. Errors: Invalid (damaged), Unsupported (version or kind of a
/// later hawser-pack).
Result<std::vector<PackEntry>> parse_pack(Bytes pack);

}  // namespace hawser
