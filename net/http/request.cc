#include "net/http/request.h"

#include "src/base/format.h"
#include "src/version.h"

namespace hawser::http {

namespace {
/// Of the field Host (RFC 9110 §7.2).
std::string host_and_port(const Uri& uri) {
  bool ipv6 = uri.host.find(':') != std::string::npos;
  std::string host = uri.host.substr(0, uri.host.find('%'));  // a zone means nothing to the server
  if (ipv6) host = cat("[", host, "]");
  Server server = server_of(uri);
  if (server.port != default_port(server.secure)) host += cat(":", server.port);
  return host;
}
}  // namespace

std::string request_target(const Uri& uri, bool absolute) {
  std::string target = uri.path.starts_with('/') ? uri.path : cat("/", uri.path);
  if (uri.query) target += cat("?", *uri.query);
  target = percent_encode(target);
  return absolute ? cat(uri.scheme, "://", host_and_port(uri), target) : target;
}

std::string get_request(const Uri& uri, std::string_view authorization, const RangeRequest& range,
                        const HttpRequest& extra, bool absolute) {
  std::string text = cat(extra.method, " ", request_target(uri, absolute),
                         " HTTP/1.1\r\nHost: ", host_and_port(uri),
                         // Servers that look for iPXE before they hand out a script find it here.
                         "\r\nUser-Agent: Hawser/", kVersion, " (compatible; iPXE/2.0.0)",
                         "\r\nConnection: keep-alive\r\n");
  text += authorization;
  if (range.from > 0)
    text += cat("Range: bytes=", range.from, "-", range.end ? decimal(*range.end - 1) : "",
                "\r\nIf-Range: ", range.validator, "\r\n");
  text += extra.headers;
  if (!extra.body.empty()) text += "Content-Type: application/x-www-form-urlencoded\r\n";
  if (extra.method != "GET" || !extra.body.empty())
    text += cat("Content-Length: ", extra.body.size(), "\r\n");
  return cat(text, "\r\n", extra.body);
}

}  // namespace hawser::http
