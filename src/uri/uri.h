// URIs as iPXE scripts write them: RFC 3986 syntax with the house rules of
// docs/script.md (opaque forms, "##params", blanks in arguments).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace hawser {

/// A parsed URI. Text is kept exactly as written (still percent-encoded) so that signed URLs and
/// query strings reach the server byte for byte; decoded() undoes the encoding where needed.
struct Uri {
  std::string scheme;                ///< lower case; empty: relative reference
  std::string opaque;                ///< "x" of "file:x"; empty when hierarchical
  std::string user, password;        ///< decoded
  std::string host;                  ///< name, IPv4, or IPv6 without brackets
  std::optional<uint16_t> port;      ///< nothing: the scheme's default
  std::string path;                  ///< as written, with its leading '/' if it had one
  std::optional<std::string> query;  ///< as written, without '?'
  std::string fragment;              ///< as written; never sent
  std::string params;  ///< "params=x" of "##params=x": names form data, no part of the address

  bool absolute() const { return !scheme.empty(); }
};

/// Errors: Invalid (no host after "//", bad port, control characters).
Result<Uri> parse_uri(std::string_view text);

/// `reference` seen from `base` (RFC 3986 §5.2). An absolute reference comes back as it is.
Uri resolve(const Uri& base, const Uri& reference);

/// Text to send or store. Includes user and password.
std::string to_string(const Uri& uri);

/// Text for people: without user, password, query and fragment.
std::string display(const Uri& uri);

/// Undoes %XX once; malformed escapes stay as they are.
std::string percent_decode(std::string_view text);
/// Encodes every byte that may not stand in a URI at all (blanks, control, non-ASCII, quotes).
std::string percent_encode(std::string_view text);

/// Name for an image that came from here: the last path component, decoded, without query
/// ("http://h/a/b.php?x=1" gives "b.php"), or the whole opaque part.
std::string image_name(const Uri& uri);

}  // namespace hawser
