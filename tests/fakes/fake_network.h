// A network for tests: interfaces whose link and DHCP answer come when the test says, and a server
// of canned files behind Fetcher.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/network.h"
#include "src/platform.h"

namespace hawser::fakes {

class FakeNic : public Nic {
 public:
  std::string_view driver() const override { return "e1000"; }
  std::string_view chip() const override { return "82540em"; }
  Mac mac() const override { return address; }
  Mac permanent_mac() const override { return permanent.value_or(address); }
  Status set_mac(const Mac& mac) override {
    permanent = permanent.value_or(address);
    address = mac;
    return ok_status();
  }
  uint32_t mtu() const override { return 1500; }
  Status open(FramePort&) override { return ok_status(); }
  void close() override {}
  Link link() override { return platform->now() >= link_up_at ? Link::Up : Link::Down; }
  bool transmit(std::span<const Bytes>) override { return true; }
  size_t poll(size_t) override { return 0; }
  const NicCounters& counters() override { return numbers; }

  Platform* platform = nullptr;
  Mac address{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
  std::optional<Mac> permanent;  ///< when `address` was changed
  Millis link_up_at{0};  ///< kNever: no cable
  NicCounters numbers;
};

class FakeInterface : public Interface {
 public:
  FakeInterface(Platform& platform, std::string name, uint32_t location)
      : name_(std::move(name)), location_(location) {
    card.platform = &platform;
  }
  std::string_view name() const override { return name_; }
  Nic& nic() override { return card; }
  std::string_view bus() const override { return "PCI"; }
  uint32_t bus_location() const override { return location_; }
  uint16_t pci_vendor() const override { return 0x8086; }
  uint16_t pci_device() const override { return 0x100e; }
  bool is_open() const override { return open_; }
  Status open() override {
    if (!open_error.empty()) return Error{Errc::Device, open_error};
    open_ = true;
    return ok_status();
  }
  void close() override {
    open_ = false;
    config_ = {};
    reply_.reset();
    proxy_.reset();
  }
  Status configure(const IpConfig& config) override {
    config_ = config;
    return ok_status();
  }
  const IpConfig& config() const override { return config_; }
  const std::optional<DhcpReply>& dhcp_reply() const override { return reply_; }
  const std::optional<DhcpReply>& proxy_reply() const override { return proxy_; }
  void lease() {
    reply_ = answer;
    proxy_ = proxy_answer;
    config_.address = answer->yiaddr;
    config_.netmask = {{255, 255, 255, 0}};
    config_.gateway = answer->siaddr;
  }

  FakeNic card;
  std::string open_error;           ///< open() fails with this
  std::optional<DhcpReply> answer;  ///< nothing: no DHCP server here
  std::optional<DhcpReply> proxy_answer;
  Millis dhcp_takes{5};
  int dhcp_runs = 0;

 private:
  std::string name_;
  uint32_t location_;
  bool open_ = false;
  IpConfig config_;
  std::optional<DhcpReply> reply_, proxy_;
};

class FakeDhcp : public DhcpTask {
 public:
  FakeDhcp(Platform& platform, FakeInterface& interface)
      : platform_(platform), interface_(interface), started_(platform.now()) {
    ++interface.dhcp_runs;
  }
  bool done() const override {
    Millis due = interface_.answer ? interface_.dhcp_takes : Millis{15'000};
    if (platform_.now() - started_ < due) return false;
    if (interface_.answer && !leased_) {
      leased_ = true;
      interface_.lease();
    }
    return true;
  }
  Status outcome() const override {
    if (interface_.answer) return ok_status();
    return Error{Errc::TimedOut, "no DHCP answer in 15 s"};
  }
  std::string note() const override { return "discovering"; }

 private:
  Platform& platform_;
  FakeInterface& interface_;
  Millis started_;
  mutable bool leased_ = false;
};

/// A file of the fake server: its bytes, or how it fails.
struct FakeFile {
  std::string body;
  std::optional<Error> error;  ///< after `error_at` bytes
  uint64_t error_at = 0;
  bool stalls = false;  ///< no byte ever arrives
  bool tells_size = true;
  std::optional<uint64_t> says;  ///< a size other than the truth
  size_t bytes_per_poll = 1 << 20;
};

class FakeFetch : public Fetch {
 public:
  FakeFetch(FakeFile file, Sink& sink) : file_(std::move(file)), sink_(sink) {}
  bool done() const override { return outcome_.has_value(); }
  Status outcome() const override { return *outcome_; }
  const FetchProgress& progress() const override { return progress_; }

  bool poll() {
    if (outcome_ || file_.stalls) return false;
    if (file_.error && progress_.received >= file_.error_at) {
      outcome_ = *file_.error;
      return true;
    }
    if (!begun_) {
      begun_ = true;
      if (file_.tells_size) progress_.total = file_.says.value_or(file_.body.size());
      if (Status began = sink_.begin(progress_.total); !began.ok()) {
        outcome_ = std::move(began);
        return true;
      }
    }
    std::string_view rest = std::string_view(file_.body).substr(progress_.received);
    if (rest.empty()) {
      outcome_ = ok_status();
      return true;
    }
    size_t n = std::min(rest.size(), file_.bytes_per_poll);
    if (file_.error) n = std::min<size_t>(n, file_.error_at - progress_.received);
    if (Status wrote = sink_.write(bytes_of(rest.substr(0, n))); !wrote.ok()) {
      outcome_ = std::move(wrote);
      return true;
    }
    progress_.received += n;
    return true;
  }

 private:
  FakeFile file_;
  Sink& sink_;
  bool begun_ = false;
  FetchProgress progress_;
  std::optional<Status> outcome_;
};

class FakeNetwork : public Network, public Fetcher, public Pollable {
 public:
  explicit FakeNetwork(Platform& platform) : platform_(platform) {}

  // --- what a test does -------------------------------------------------------------------------
  FakeInterface& add_interface(uint32_t location = 0x10) {
    owned_.push_back(std::make_unique<FakeInterface>(
        platform_, "net" + std::to_string(owned_.size()), location));
    all_.push_back(owned_.back().get());
    return *owned_.back();
  }
  /// An answer such as a small DHCP server gives: 10.0.2.15, everything else on 10.0.2.2.
  static DhcpReply dhcp_answer(std::string filename) {
    DhcpReply reply;
    reply.yiaddr = {{10, 0, 2, 15}};
    reply.siaddr = {{10, 0, 2, 2}};
    reply.file = std::move(filename);
    reply.options = {{1, {255, 255, 255, 0}}, {3, {10, 0, 2, 2}}};
    return reply;
  }
  std::map<std::string, FakeFile> files;  ///< by URI text
  std::vector<std::string> asked;         ///< URIs in the order they were started
  FetchOptions fetch_options;             ///< of the last start()
  bool shut = false;
  std::vector<Ipv4> dns;
  std::string domain;
  std::string roots;
  std::pair<std::string, std::string> identity;  ///< certificate, key
  std::optional<DhcpSettings> dhcp_settings;  ///< of the last start_dhcp()

  // --- Network ----------------------------------------------------------------------------------
  const std::vector<Interface*>& interfaces() override { return all_; }
  Interface* find(std::string_view name) override {
    if (name == "netX") return last_opened();
    for (Interface* interface : all_)
      if (interface->name() == name) return interface;
    return nullptr;
  }
  Interface* last_opened() override {
    for (Interface* interface : all_)
      if (interface->is_open()) return interface;
    return all_.empty() ? nullptr : all_.front();
  }
  std::unique_ptr<DhcpTask> start_dhcp(Interface& interface,
                                       const DhcpSettings& settings) override {
    dhcp_settings = settings;
    return std::make_unique<FakeDhcp>(platform_, static_cast<FakeInterface&>(interface));
  }
  void set_dns(const std::vector<Ipv4>& servers, std::string_view name) override {
    dns = servers;
    domain = name;
  }
  HttpSettings http;  ///< of the last set_http()
  Status set_http(const HttpSettings& settings) override {
    http = settings;
    return ok_status();
  }
  void set_roots(Bytes certificates) override { roots = text_of(certificates); }
  /// A signature is the text "NAME signed " and the file.
  Status check_signature(Bytes data, Bytes signature, std::string_view signer) override {
    std::string_view text = text_of(signature), name = text.substr(0, text.find(' '));
    if (text != std::string(name) + " signed " + std::string(text_of(data)))
      return Error{Errc::Access, "not signed"};
    if (!signer.empty() && name != signer) return Error{Errc::Access, "another signer"};
    return ok_status();
  }
  void set_identity(Bytes certificate, Bytes key) override {
    identity = {std::string(text_of(certificate)), std::string(text_of(key))};
  }
  std::string crosscert;
  void set_crosscert(std::string_view uri) override { crosscert = uri; }
  std::vector<KnownCertificate> known;
  std::vector<std::string> certificate_calls;  ///< "store <file>|<name>", "forget <name>"
  Result<std::vector<KnownCertificate>> certificates() override { return known; }
  Status store_certificates(Bytes file, std::string_view name) override {
    certificate_calls.push_back("store " + std::string(text_of(file)) + "|" + std::string(name));
    if (text_of(file) == "bad") return Error{Errc::Invalid, "no certificate in it"};
    return ok_status();
  }
  Result<size_t> forget_certificates(std::string_view name) override {
    certificate_calls.push_back("forget " + std::string(name));
    return name == "nobody" ? 0 : known.size();
  }
  std::map<std::string, HostAnswer> hosts;  ///< that answer, by name and by address
  std::unique_ptr<HostQuery> ask(const HostQuestion& question) override {
    struct Query : HostQuery {
      bool done() const override { return true; }
      Result<HostAnswer> outcome() const override { return result; }
      Result<HostAnswer> result{Error{Errc::TimedOut, "no answer"}};
    };
    auto query = std::make_unique<Query>();
    if (auto found = hosts.find(question.host); found != hosts.end()) query->result = found->second;
    return query;
  }
  Fetcher& fetcher() override { return *this; }
  Pollable& pollable() override { return *this; }
  void shut_down() override {
    shut = true;
    for (Interface* interface : all_) interface->close();
  }

  // --- Fetcher and Pollable ---------------------------------------------------------------------
  Result<std::unique_ptr<Fetch>> start(const Uri& uri, Sink& sink,
                                       const FetchOptions& options) override {
    fetch_options = options;
    std::string text = to_string(uri);
    asked.push_back(text);
    if (uri.scheme != "tftp" && uri.scheme != "http")
      return Error{Errc::Unsupported, uri.scheme + ": unknown URI scheme; there are tftp, http"};
    auto found = files.find(text);
    FakeFile file;
    if (found != files.end()) file = found->second;
    else file.error = Error{Errc::NotFound, "HTTP 404 Not Found"};
    // The wrapper keeps the list of running transfers true when a command drops its transfer.
    struct Listed : FakeFetch {
      Listed(FakeFile file, Sink& sink, FakeNetwork& network)
          : FakeFetch(std::move(file), sink), network_(network) {
        network_.running_.push_back(this);
      }
      ~Listed() override { std::erase(network_.running_, this); }
      FakeNetwork& network_;
    };
    return std::unique_ptr<Fetch>(std::make_unique<Listed>(std::move(file), sink, *this));
  }
  std::vector<std::string_view> schemes() const override { return {"tftp", "http"}; }
  bool poll() override {
    bool worked = false;
    for (FakeFetch* fetch : running_) worked |= fetch->poll();
    return worked;
  }
  bool busy() const override { return false; }

 private:
  Platform& platform_;
  std::vector<std::unique_ptr<FakeInterface>> owned_;
  std::vector<Interface*> all_;
  std::vector<FakeFetch*> running_;
};

}  // namespace hawser::fakes
