// The Network over lwIP: interfaces, DNS servers, default route, timers.
#include <algorithm>
#include <utility>

#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"
#include "net/fetcher.h"
#include "net/stack/activity.h"
#include "net/stack/interface.h"
#include "net/stack/port/glue.h"
#include "net/stack/query.h"
#include "net/stack/stack.h"
#include "net/stack/udp_port.h"
#include "net/stack/vlan.h"
#include "src/base/format.h"

namespace hawser::stack {
namespace {

constexpr size_t kFewestBuffers = 1024, kMostBuffers = 3072;
constexpr size_t kSpareBuffers = 768;  // a ring of 512 and a quarter of a thousand on the move
constexpr uint64_t kMemoryShare = 64;  // at most this part of free memory goes to receive buffers

/// Receive buffers to start with: 2 MiB of them, more on larger machines.
size_t first_buffers(Platform& platform) {
  uint64_t free_bytes = 0;
  for (Range range : platform.memory().free_ranges()) free_bytes += range.size();
  return size_t(std::clamp<uint64_t>(free_bytes / kMemoryShare / kRxBufferBytes, kFewestBuffers,
                                     kMostBuffers));
}

/// An exchange as its starter sees it. Interfaces live as long as the network, which outlives it.
class Task final : public DhcpTask {
 public:
  Task(StackInterface& interface, uint32_t run) : interface_(interface), run_(run) {}
  ~Task() override {
    if (!done()) interface_.cancel_dhcp();
  }

  bool done() const override {
    const dhcp::Client* client = mine();
    return !client || client->done();
  }
  Status outcome() const override {
    if (interface_.dhcp_run() != run_)
      return Error{Errc::Cancelled, cat(interface_.name(), ": DHCP was stopped")};
    if (interface_.dhcp_start_error()) return *interface_.dhcp_start_error();
    const dhcp::Client* client = mine();
    if (client->state() != dhcp::Client::State::Failed) return ok_status();
    Error error = client->error();
    if (interface_.nic().link() == Link::Down) error.text += "; the link is down";
    return std::move(error).in(interface_.name());
  }
  std::string note() const override {
    const dhcp::Client* client = mine();
    return client ? client->note() : std::string{};
  }

 private:
  const dhcp::Client* mine() const {
    return interface_.dhcp_run() == run_ ? interface_.dhcp_client() : nullptr;
  }
  StackInterface& interface_;
  uint32_t run_;
};

class StackNetwork final : public Network, private Pollable, public InterfaceOwner {
 public:
  StackNetwork(Platform& platform, Loop& loop, std::vector<NicEntry> nics);
  ~StackNetwork() override;

  const std::vector<Interface*>& interfaces() override { return views_; }
  Interface* find(std::string_view name) override;
  Interface* last_opened() override { return opened_.empty() ? nullptr : opened_.back(); }
  std::unique_ptr<DhcpTask> start_dhcp(Interface& interface, const DhcpSettings& settings) override;
  std::unique_ptr<DhcpTask> start_boot_server(Interface& interface, uint16_t type,
                                              const DhcpSettings& settings) override;
  void set_dns(const std::vector<Ipv4>& servers, std::string_view domain) override;
  void set_trust(Bytes fingerprints) override { fetcher_->set_trust(fingerprints); }
  void set_roots(Bytes certificates) override { fetcher_->set_roots(certificates); }
  Status set_http(const HttpSettings& settings) override { return fetcher_->set_http(settings); }
  Status check_signature(Bytes data, Bytes signature, std::string_view signer) override {
    return fetcher_->check_signature(data, signature, signer);
  }
  void set_identity(Bytes certificates, Bytes key) override {
    fetcher_->set_identity(certificates, key);
  }
  void set_crosscert(std::string_view uri) override { fetcher_->set_crosscert(uri); }
  Result<std::vector<KnownCertificate>> certificates() override { return fetcher_->certificates(); }
  Status store_certificates(Bytes file, std::string_view name) override {
    return fetcher_->store_certificates(file, name);
  }
  Result<size_t> forget_certificates(std::string_view name) override {
    return fetcher_->forget_certificates(name);
  }
  std::unique_ptr<HostQuery> ask(const HostQuestion& question) override {
    return start_query({platform_, activity_}, question);
  }
  Result<std::unique_ptr<UdpPort>> open_udp(uint16_t port) override { return open_udp_port(port); }
  Result<Interface*> create_vlan(Interface& trunk, uint16_t vlan, uint8_t priority) override;
  Status destroy_vlan(Interface& interface) override;
  std::vector<Neighbour> neighbours() override;
  Fetcher& fetcher() override { return *fetcher_; }
  Pollable& pollable() override { return *this; }
  void pause() override;
  Status resume() override;
  void shut_down() override;

  std::string full_name(std::string_view host) const;

 private:
  bool poll() override;
  bool busy() const override;
  RxPool& pool() override { return pool_; }
  Status prepare_pool() override;
  void opened(StackInterface& interface) override;
  void changed(StackInterface& interface) override;
  VlanNic* vlan_over(StackInterface& trunk, uint16_t vlan) override;
  StackInterface& add_interface(std::string name, NicEntry entry);
  VlanNic& add_vlan(Interface& trunk, uint16_t vlan, NicEntry entry);
  void relieve_pool();
  void choose_route();
  void choose_dns();

  Platform& platform_;
  RxPool pool_;
  size_t first_buffers_;
  ActivityCount activity_;
  std::vector<std::unique_ptr<StackInterface>> interfaces_;
  std::vector<Interface*> views_;
  std::vector<StackInterface*> opened_;  ///< in order of opening
  /// An interface for a VLAN. It stays when it is destroyed, as lwIP and settings may know it;
  /// it is then closed and not among views_, and the next one of its name.
  struct Vlan {
    VlanNic* nic;
    StackInterface* interface;
  };
  std::vector<Vlan> vlans_;
  std::vector<Ipv4> dns_override_;
  std::string domain_override_, domain_;
  std::unique_ptr<NetFetcher> fetcher_;
};

StackNetwork* the_network = nullptr;

StackNetwork::StackNetwork(Platform& platform, Loop& loop, std::vector<NicEntry> nics)
    : platform_(platform), pool_(platform), first_buffers_(first_buffers(platform)) {
  attach_lwip(platform);
  the_network = this;
  for (size_t i = 0; i < nics.size(); ++i) {
    NicEntry over_vlan;
    std::optional<uint16_t> vlan = nics[i].firmware_vlan;
    if (vlan) {
      over_vlan.firmware_ack = std::exchange(nics[i].firmware_ack, {});
      over_vlan.firmware_proxy = std::exchange(nics[i].firmware_proxy, {});
    }
    Interface& card = add_interface(cat("net", i), std::move(nics[i]));
    if (!vlan) continue;
    add_vlan(card, *vlan & 0xfff, std::move(over_vlan)).set_priority(uint8_t(*vlan >> 13));
    std::iter_swap(views_.end() - 2, views_.end() - 1);
  }
  fetcher_ = make_fetcher(platform, activity_);
  loop.add(*this);
  for (auto& interface : interfaces_) interface->adopt_firmware_lease();
}

StackNetwork::~StackNetwork() {
  shut_down();
  if (the_network == this) the_network = nullptr;
}

void StackNetwork::pause() {
  for (auto& interface : interfaces_) interface->pause();
}

Status StackNetwork::resume() {
  Status status = ok_status();
  for (auto& interface : interfaces_)
    if (Status opened = interface->resume(); !opened.ok()) status = std::move(opened);
  return status;
}

void StackNetwork::shut_down() {
  for (auto& interface : interfaces_) interface->close();
}

// --- the loop ------------------------------------------------------------------------------------

bool StackNetwork::poll() {
  if (opened_.empty()) return false;
  sys_check_timeouts();
  Millis now = platform_.now();
  size_t frames = 0;
  for (auto& interface : interfaces_) frames += interface->poll(now);
  if (pool_.available() == 0) relieve_pool();
  return frames > 0;
}

bool StackNetwork::busy() const {
  return activity_.any() || std::ranges::any_of(interfaces_, [](const auto& interface) {
           return interface->dhcp_busy();
         });
}

/// A ring's worth of buffers for one more card; on a machine short of memory, as many as there are.
Status StackNetwork::prepare_pool() {
  size_t wanted = pool_.size() == 0 ? first_buffers_ : kSpareBuffers;
  for (;;) {
    Status grown = pool_.grow(wanted);
    set_reorder_limit(pool_.size() / 2);
    if (grown.ok() || wanted <= kSpareBuffers / 4) return grown;
    wanted /= 2;
  }
}

/// Data that arrived out of order can be sent again, so it goes first when cards run dry.
void StackNetwork::relieve_pool() {
  for (tcp_pcb* pcb = tcp_active_pcbs; pcb; pcb = pcb->next) tcp_free_ooseq(pcb);
}

// --- interfaces ----------------------------------------------------------------------------------

StackInterface& StackNetwork::add_interface(std::string name, NicEntry entry) {
  interfaces_.push_back(
      std::make_unique<StackInterface>(platform_, *this, std::move(name), std::move(entry)));
  views_.push_back(interfaces_.back().get());
  return *interfaces_.back();
}

Interface* StackNetwork::find(std::string_view name) {
  if (name == "netX") return last_opened();
  for (Interface* interface : views_)
    if (interface->name() == name) return interface;
  return nullptr;
}

std::unique_ptr<DhcpTask> StackNetwork::start_dhcp(Interface& interface,
                                                   const DhcpSettings& settings) {
  for (auto& ours : interfaces_)
    if (ours.get() == &interface) return std::make_unique<Task>(*ours, ours->start_dhcp(settings));
  return nullptr;
}

std::unique_ptr<DhcpTask> StackNetwork::start_boot_server(Interface& interface, uint16_t type,
                                                          const DhcpSettings& settings) {
  for (auto& ours : interfaces_)
    if (ours.get() == &interface)
      return std::make_unique<Task>(*ours, ours->start_boot_server(type, settings));
  return nullptr;
}

void StackNetwork::opened(StackInterface& interface) { opened_.push_back(&interface); }

void StackNetwork::changed(StackInterface& interface) {
  if (!interface.is_open()) {
    opened_.erase(std::remove(opened_.begin(), opened_.end(), &interface), opened_.end());
    for (const Vlan& vlan : vlans_)
      if (&vlan.nic->trunk() == &interface) vlan.interface->close();
  }
  choose_route();
  choose_dns();
}

/// The interface opened last that has a gateway, else the one opened last that has an address.
void StackNetwork::choose_route() {
  netif* chosen = nullptr;
  bool has_gateway = false;
  for (StackInterface* interface : opened_) {
    if (!interface->configured()) continue;
    bool gateway = !interface->config().gateway.any();
    if (has_gateway && !gateway) continue;
    chosen = &interface->lwip();
    has_gateway = gateway;
  }
  netif_set_default(chosen);
}

// --- VLANs ---------------------------------------------------------------------------------------

VlanNic* StackNetwork::vlan_over(StackInterface& trunk, uint16_t vlan) {
  for (const Vlan& known : vlans_)
    if (&known.nic->trunk() == &trunk && known.nic->vlan() == vlan && known.nic->is_open())
      return known.nic;
  return nullptr;
}

Result<Interface*> StackNetwork::create_vlan(Interface& trunk, uint16_t vlan, uint8_t priority) {
  for (const Vlan& known : vlans_) {
    if (known.interface == &trunk)
      return Error{Errc::Invalid, cat(trunk.name(), " is an interface for a VLAN itself")};
    if (&known.nic->trunk() != &trunk || known.nic->vlan() != vlan) continue;
    known.nic->set_priority(priority);
    if (!find(known.interface->name())) views_.push_back(known.interface);
    return known.interface;
  }
  if (!trunk.nic().carries_vlans())
    return Error{Errc::Unsupported,
                 cat(trunk.name(),
                     " is driven by the firmware's managed network, which drops "
                     "frames of VLANs; set the VLAN in the firmware's set-up, or "
                     "begin Hawser's command line with \"snp\"")};
  VlanNic& nic = add_vlan(trunk, vlan, {});
  nic.set_priority(priority);
  return views_.back();
}

/// `entry` may have a lease of the firmware's; the rest is the trunk's.
VlanNic& StackNetwork::add_vlan(Interface& trunk, uint16_t vlan, NicEntry entry) {
  auto card = std::make_unique<VlanNic>(trunk, vlan);
  VlanNic& nic = *card;
  entry.nic = std::move(card);
  entry.bus = trunk.bus();
  entry.bus_location = trunk.bus_location();
  entry.vendor = trunk.pci_vendor();
  entry.device = trunk.pci_device();
  entry.trunk = &trunk;
  vlans_.push_back({&nic, &add_interface(cat(trunk.name(), "-", vlan), std::move(entry))});
  return nic;
}

Status StackNetwork::destroy_vlan(Interface& interface) {
  for (const Vlan& known : vlans_) {
    if (known.interface != &interface) continue;
    interface.close();
    views_.erase(std::remove(views_.begin(), views_.end(), &interface), views_.end());
    return ok_status();
  }
  return Error{Errc::Invalid, cat(interface.name(), " is no interface for a VLAN")};
}

std::vector<Neighbour> StackNetwork::neighbours() {
  std::vector<Neighbour> known;
  for (size_t i = 0; i < ARP_TABLE_SIZE; ++i) {
    ip4_addr_t* address;
    netif* over;
    eth_addr* mac;
    if (!etharp_get_entry(i, &address, &over, &mac)) continue;
    Neighbour neighbour{static_cast<StackInterface*>(over->state)->name(),
                        Ipv4::from_host_order(lwip_ntohl(ip4_addr_get_u32(address))), {}};
    std::copy_n(mac->addr, neighbour.mac.bytes.size(), neighbour.mac.bytes.begin());
    known.push_back(neighbour);
  }
  return known;
}

// --- names ---------------------------------------------------------------------------------------

void StackNetwork::set_dns(const std::vector<Ipv4>& servers, std::string_view domain) {
  dns_override_ = servers;
  domain_override_ = domain;
  choose_dns();
}

void StackNetwork::choose_dns() {
  std::vector<Ipv4> servers = dns_override_;
  domain_ = domain_override_;
  for (auto at = opened_.rbegin(); at != opened_.rend(); ++at) {
    const IpConfig& config = (*at)->config();
    if (dns_override_.empty()) servers.insert(servers.end(), config.dns.begin(), config.dns.end());
    if (domain_.empty()) domain_ = config.domain;
  }
  for (size_t i = 0; i < DNS_MAX_SERVERS; ++i) {
    Ipv4 server = i < servers.size() ? servers[i] : Ipv4{};
    ip_addr_t address = IPADDR4_INIT(lwip_htonl(server.host_order()));
    dns_setserver(u8_t(i), &address);
  }
}

std::string StackNetwork::full_name(std::string_view host) const {
  if (domain_.empty() || host.find_first_of(".:") != std::string_view::npos)
    return std::string(host);
  return cat(host, ".", domain_);
}

}  // namespace

std::unique_ptr<Network> make_network(Platform& platform, Loop& loop, std::vector<NicEntry> nics) {
  return std::make_unique<StackNetwork>(platform, loop, std::move(nics));
}

std::string full_host_name(std::string_view host) {
  return the_network ? the_network->full_name(host) : std::string(host);
}

}  // namespace hawser::stack
