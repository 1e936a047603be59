#include "net/http/proxy.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/version.h"

namespace hawser::http {

std::string Tunnel::request() {
  open_ = reconnect_ = false;
  discarded_ = 0;
  reader_.emplace(static_cast<ResponseHandler&>(*this));
  std::string target = cat(server_.host, ":", server_.port);
  std::string text = cat("CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\nUser-Agent: Hawser/",
                         kVersion, "\r\n");
  std::string answer = proxy_.auth.answer("CONNECT", target, random_);
  if (!answer.empty()) text += cat("Proxy-Authorization: ", answer, "\r\n");
  return text + "\r\n";
}

Result<Tunnel::Next> Tunnel::receive(Bytes bytes) {
  size_t used = TRY(reader_->feed(bytes));
  if (open_ && used < bytes.size()) return Error{Errc::Protocol, "the proxy spoke before TLS began"};
  if (open_) return Next::Open;
  if (reconnect_) return Next::Reconnect;
  return reader_->done() ? Next::AskAgain : Next::Wait;
}

Status Tunnel::on_head(const Head& head) {
  if (head.status < 300) {
    open_ = true;
    return ok_status();
  }
  if (head.status == 407 && proxy_.auth.on_challenge(head.proxy_challenges)) {
    reconnect_ = !head.keep_alive;
    return ok_status();
  }
  return Error{class_of(head.status),
               cat("proxy ", printable(proxy_.server.host, 80), ":", proxy_.server.port, ": ",
                   status_text(head), proxy_advice(head.status, proxy_.auth))};
}

Status Tunnel::on_body(Bytes bytes) {
  constexpr size_t kMaxDiscard = 64u << 10;
  discarded_ += bytes.size();
  if (open_ || discarded_ > kMaxDiscard)
    return Error{Errc::Protocol, "the proxy sent what it was not asked for"};
  return ok_status();
}

bool is_listed(std::string_view host, std::string_view list) {
  while (!list.empty()) {
    size_t end = std::min(list.find_first_of(", "), list.size());
    std::string_view word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word.starts_with('.')) word.remove_prefix(1);
    if (word.empty() || word.size() > host.size()) continue;
    size_t before = host.size() - word.size();
    bool whole = before == 0 || host[before - 1] == '.';
    if (word == "*" || (whole && equal_ignoring_case(host.substr(before), word))) return true;
  }
  return false;
}

std::string proxy_advice(int status, const Authentication& auth) {
  if (status != 407) return "";
  return auth.has_credentials() ? "; user or password in ${proxy} is wrong"
                                : "; it wants: set proxy http://user:password@host:port";
}

}  // namespace hawser::http
