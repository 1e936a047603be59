#include "net/resolver.h"

#include <new>

#include "lwip/dns.h"
#include "net/stack/stack.h"
#include "src/base/address.h"
#include "src/base/format.h"

namespace hawser::stack {
namespace {

/// lwIP tells silence and "no such name" apart only by the time they take: it asks each server
/// four times, in 6 to 7 seconds.
constexpr Millis kSilence{6'000};

bool any_server() {
  for (u8_t i = 0; i < DNS_MAX_SERVERS; ++i)
    if (!ip_addr_isany(dns_getserver(i))) return true;
  return false;
}

std::string server_names() {
  std::string names;
  for (u8_t i = 0; i < DNS_MAX_SERVERS; ++i) {
    if (ip_addr_isany(dns_getserver(i))) continue;
    if (!names.empty()) names += ", ";
    names += to_string(*dns_getserver(i));
  }
  return names;
}

}  // namespace

std::string to_string(const ip_addr_t& address) {
  char text[IPADDR_STRLEN_MAX];
  const char* written = ipaddr_ntoa_r(&address, text, sizeof text);
  return written ? written : "?";
}

Result<std::optional<ip_addr_t>> Resolver::start(std::string_view host, Answer answer) {
  cancel();
  host_ = printable(host, 80);
  auto failed = [this](Errc code, std::string_view why) {
    return Error{code, cat("resolve ", host_, ": ", why)};
  };
  if (auto literal = parse_ipv4(host)) {
    ip_addr_t address = IPADDR4_INIT(lwip_htonl(literal->host_order()));
    return std::optional{address};
  }
  if (host.find(':') != host.npos)
    return failed(Errc::Unsupported, "IPv6 is not supported by this version");
  if (!any_server())
    return failed(Errc::AddressNotAvailable,
                  "no DNS server configured; set one (set dns 192.0.2.53) or have DHCP send "
                  "option 6");

  question_ = new (std::nothrow) Question{this};
  if (!question_) return failed(Errc::NoMemory, "no memory");
  answer_ = std::move(answer);
  asked_at_ = platform_.now();
  ip_addr_t address;
  err_t asked = dns_gethostbyname_addrtype(full_host_name(host).c_str(), &address, on_found,
                                           question_, LWIP_DNS_ADDRTYPE_IPV4);
  if (asked == ERR_INPROGRESS) return std::optional<ip_addr_t>{};
  delete question_;
  question_ = nullptr;
  if (asked == ERR_OK) return std::optional{address};
  if (asked == ERR_ARG) return failed(Errc::Invalid, "not a host name");
  return failed(Errc::NoBuffers, "too many names are being looked up");
}

void Resolver::cancel() {
  if (question_) question_->asker = nullptr;
  question_ = nullptr;
}

void Resolver::on_found(const char*, const ip_addr_t* address, void* argument) {
  auto* question = static_cast<Question*>(argument);
  Resolver* asker = question->asker;
  delete question;
  if (!asker) return;
  asker->question_ = nullptr;
  Answer answer = std::move(asker->answer_);  // it may ask again, or destroy the resolver
  if (address) return answer(*address);
  bool silence = asker->platform_.now() - asker->asked_at_ >= kSilence;
  std::string text = cat("resolve ", asker->host_, ": ");
  if (silence) text += cat("no answer from the DNS server (", server_names(), ")");
  else text += "unknown host";
  answer(Error{silence ? Errc::TimedOut : Errc::NotFound, std::move(text)});
}

}  // namespace hawser::stack
