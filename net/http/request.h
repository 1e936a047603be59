// The text of an HTTP/1.1 request (RFC 9110, RFC 9112 §3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/fetch.h"
#include "src/uri/uri.h"

namespace hawser::http {

inline constexpr uint16_t kDefaultPort = 80;

struct RangeRequest {
  uint64_t from = 0;      ///< first byte wanted; 0: the whole file
  std::string validator;  ///< If-Range: strong ETag or date (RFC 9110 §13.1.5)
};

/// `credentials` is "user:password" or empty. Path and query go out byte for byte as written, so
/// that signed URLs stay valid; only bytes that may not stand in a request line are escaped. `extra` may make it another
/// method than GET.
std::string get_request(const Uri& uri, std::string_view credentials, const RangeRequest& range,
                        const HttpRequest& extra = {});

/// RFC 4648 §4, with padding.
std::string base64(std::string_view text);

}  // namespace hawser::http
