#include "arch/host/run_network.h"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "arch/host/json.h"
#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::host {
namespace {

constexpr Ipv4 kServer{{10, 0, 2, 2}};

std::vector<uint8_t> bytes_of_hex(std::string_view text, bool& valid) {
  std::vector<uint8_t> bytes;
  int high = -1;
  for (char c : text) {
    if (c == ':' && high < 0) continue;
    int digit = hex_digit(c);
    if (digit < 0) valid = false;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(uint8_t(high << 4 | (digit & 15)));
      high = -1;
    }
  }
  if (high >= 0) valid = false;
  return bytes;
}

/// Reads the members of the file one by one; the first error stays.
class LeaseReader {
 public:
  explicit LeaseReader(const Json& json) : json_(json) {}

  Result<Lease> read() {
    constexpr std::string_view kKnown[] = {"ip",      "netmask",  "gateway",  "dns",
                                           "domain",  "hostname", "filename", "next-server",
                                           "options", "mac"};
    if (json_.kind != Json::Kind::Object) return Error{Errc::Invalid, "not a JSON object"};
    for (const std::string& name : json_.names)
      if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown))
        fail(name, "no such member; \"options\" takes DHCP options by number");
    lease_.reply.yiaddr = lease_.config.address = address("ip");
    lease_.config.netmask = address("netmask");
    lease_.config.gateway = address("gateway");
    lease_.reply.siaddr = address("next-server");
    lease_.reply.file = text("filename");
    lease_.config.domain = text("domain");
    if (auto written = text("mac"); !written.empty()) {
      if (auto mac = parse_mac(written)) lease_.mac = *mac;
      else fail("mac", "not a MAC address");
    }
    if (const Json* dns = json_.find("dns")) {
      if (dns->kind == Json::Kind::Array)
        for (const Json& one : dns->items) add_dns(one);
      else add_dns(*dns);
    }
    add_option(1, lease_.config.netmask);
    add_option(3, lease_.config.gateway);
    std::vector<uint8_t> servers;
    for (Ipv4 one : lease_.config.dns)
      servers.insert(servers.end(), one.bytes.begin(), one.bytes.end());
    add_option(6, servers);
    add_option(12, text("hostname"));
    add_option(15, lease_.config.domain);
    if (const Json* options = json_.find("options")) read_options(*options);
    if (error_) return *error_;
    return lease_;
  }

 private:
  void fail(std::string_view member, std::string_view why) {
    if (!error_) error_ = Error{Errc::Invalid, cat("\"", member, "\": ", why)};
  }
  std::string text(std::string_view member) {
    const Json* value = json_.find(member);
    if (!value) return {};
    if (value->kind != Json::Kind::String) fail(member, "not a string");
    return value->text;
  }
  Ipv4 address(std::string_view member) {
    std::string written = text(member);
    if (written.empty()) return {};
    auto address = parse_ipv4(written);
    if (!address) fail(member, "not an IPv4 address");
    return address.value_or(Ipv4{});
  }
  void add_dns(const Json& value) {
    auto address = parse_ipv4(value.text);
    if (value.kind == Json::Kind::String && address) lease_.config.dns.push_back(*address);
    else fail("dns", "not an IPv4 address");
  }
  void add_option(uint8_t code, std::vector<uint8_t> value) {
    if (!value.empty()) lease_.reply.options.push_back({code, std::move(value)});
  }
  void add_option(uint8_t code, std::string_view value) {
    add_option(code, std::vector<uint8_t>(value.begin(), value.end()));
  }
  void add_option(uint8_t code, Ipv4 value) {
    if (!value.any()) add_option(code, {value.bytes.begin(), value.bytes.end()});
  }
  void read_options(const Json& options) {
    if (options.kind != Json::Kind::Object) fail("options", "not an object");
    for (size_t i = 0; i < options.names.size(); ++i) {
      const std::string& name = options.names[i];
      const Json& value = options.items[i];
      auto code = parse_decimal(name);
      bool valid = code && *code > 0 && *code < 255 && value.kind == Json::Kind::String;
      std::vector<uint8_t> bytes = bytes_of_hex(value.text, valid);
      if (valid) add_option(uint8_t(*code), std::move(bytes));
      else fail("options", cat("\"", name, "\": a number from 1 to 254 and hex bytes"));
    }
  }

  const Json& json_;
  Lease lease_;
  std::optional<Error> error_;
};

struct Answered : HostQuery {
  bool done() const override { return true; }
  Result<HostAnswer> outcome() const override { return answer; }
  Result<HostAnswer> answer{Error{Errc::Unsupported, "pings are not sent in a simulated run"}};
};

Result<HostAnswer> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  addrinfo* found = nullptr;
  if (int failed = getaddrinfo(host.c_str(), nullptr, &hints, &found); failed != 0)
    return Error{Errc::NotFound, cat("resolve ", printable(host), ": ", gai_strerror(failed))};
  sockaddr_in address;
  std::memcpy(&address, found->ai_addr, sizeof address);
  freeaddrinfo(found);
  return HostAnswer{.address = Ipv4::from_host_order(ntohl(address.sin_addr.s_addr))};
}

struct Leased : DhcpTask {
  bool done() const override { return true; }
  Status outcome() const override { return ok_status(); }
  std::string note() const override { return {}; }
};

}  // namespace

std::optional<Mac> parse_mac(std::string_view text) {
  bool valid = true;
  std::vector<uint8_t> bytes = bytes_of_hex(text, valid);
  Mac mac;
  if (!valid || bytes.size() != mac.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), mac.bytes.begin());
  return mac;
}

Result<Lease> parse_lease(std::string_view json) {
  if (!json.empty()) {
    Json parsed = TRY(parse_json(json));
    return LeaseReader(parsed).read();
  }
  Lease lease;
  lease.config.address = {{10, 0, 2, 15}};
  lease.config.netmask = {{255, 255, 255, 0}};
  lease.config.gateway = kServer;
  lease.reply.yiaddr = lease.config.address;
  lease.reply.siaddr = kServer;
  lease.reply.options = {{1, {255, 255, 255, 0}}, {3, {10, 0, 2, 2}}};
  return lease;
}

Status SimulatedInterface::open() {
  open_ = true;
  return ok_status();
}

void SimulatedInterface::close() {
  open_ = false;
  config_ = {};
  reply_.reset();
}

Status SimulatedInterface::configure(const IpConfig& config) {
  config_ = config;
  return ok_status();
}

void SimulatedInterface::take_lease() {
  reply_ = lease_.reply;
  config_ = lease_.config;
}

SimulatedNetwork::SimulatedNetwork(Platform& platform, Lease lease, FetcherOptions fetching)
    : platform_(platform), net0_(std::move(lease)), fetcher_(platform, std::move(fetching)) {
  (void)net0_.open();  // as after the DHCP exchange that named the script
  net0_.take_lease();
}

Interface* SimulatedNetwork::find(std::string_view name) {
  return name == "net0" || name == "netX" ? &net0_ : nullptr;
}

std::unique_ptr<DhcpTask> SimulatedNetwork::start_dhcp(Interface&, const DhcpSettings&) {
  net0_.take_lease();
  return std::make_unique<Leased>();
}

std::unique_ptr<HostQuery> SimulatedNetwork::ask(const HostQuestion& question) {
  auto answered = std::make_unique<Answered>();
  if (question.kind == HostQuestion::Kind::Address) answered->answer = look_up(question.host);
  if (question.kind == HostQuestion::Kind::Time)
    answered->answer = HostAnswer{{}, platform_.wall_clock().value_or(0)};
  return answered;
}

}  // namespace hawser::host
