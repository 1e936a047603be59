// The text of an HTTP/1.1 request (RFC 9110, RFC 9112 §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/fetch.h"
#include "src/uri/uri.h"

namespace hawser::http {

/// Port of http:// or https:// URIs that name none.
inline constexpr uint16_t default_port(bool secure) { return secure ? 443 : 80; }

/// Whom to connect to.
struct Server {
  std::string host;
  uint16_t port = 0;
  bool secure = false;  ///< TLS
  bool operator==(const Server&) const = default;
};
/// `uri` is one of http or https.
inline Server server_of(const Uri& uri) {
  bool secure = uri.scheme == "https";
  return {uri.host, uri.port.value_or(default_port(secure)), secure};
}

struct RangeRequest {
  uint64_t from = 0;                 ///< first byte wanted; 0: the whole file
  std::optional<uint64_t> end = {};  ///< one above the last; nothing: to the file's end
  std::string validator;             ///< If-Range: strong ETag or date (RFC 9110 §13.1.5)
};

/// What the request line asks for (RFC 9112 §3.2): path and query, for a proxy (`absolute`) all of the
/// URI. They go out byte for byte as written, so that signed URLs stay valid; only bytes that may not
/// stand in a request line are escaped.
std::string request_target(const Uri& uri, bool absolute);

/// `authorization`: whole header lines. `extra` may make it another method than GET. `absolute`: as
/// request_target().
std::string get_request(const Uri& uri, std::string_view authorization, const RangeRequest& range,
                        const HttpRequest& extra = {}, bool absolute = false);

}  // namespace hawser::http
