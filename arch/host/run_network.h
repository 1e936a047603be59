// The network of a simulated run: one interface, net0, with a lease as a file describes it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arch/host/fetcher.h"
#include "src/network.h"

namespace hawser::host {

/// What the simulated DHCP server answers.
struct Lease {
  Mac mac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
  IpConfig config;
  DhcpReply reply;
};
/// From JSON: "ip", "netmask", "gateway", "dns" (one or a list), "domain", "hostname",
/// "next-server", "filename", "mac", and "options", an object of numbers and hex bytes. Empty
/// text: 10.0.2.15/24 behind 10.0.2.2. Errors: Invalid, with the member.
Result<Lease> parse_lease(std::string_view json);

/// "52:54:00:12:34:56"; nothing for other text.
std::optional<Mac> parse_mac(std::string_view text);

class SimulatedNic : public Nic {
 public:
  explicit SimulatedNic(Mac mac) : mac_(mac) {}
  std::string_view driver() const override { return "simulated"; }
  std::string_view chip() const override { return "simulated"; }
  Mac mac() const override { return mac_; }
  uint32_t mtu() const override { return 1500; }
  Status open(FramePort&) override { return ok_status(); }
  void close() override {}
  Link link() override { return Link::Up; }
  bool transmit(std::span<const Bytes>) override { return true; }
  size_t poll(size_t) override { return 0; }
  const NicCounters& counters() override { return counters_; }

 private:
  Mac mac_;
  NicCounters counters_;
};

class SimulatedInterface : public Interface {
 public:
  explicit SimulatedInterface(Lease lease) : nic_(lease.mac), lease_(std::move(lease)) {}
  std::string_view name() const override { return "net0"; }
  Nic& nic() override { return nic_; }
  std::string_view bus() const override { return "PCI"; }
  uint32_t bus_location() const override { return 0x18; }
  uint16_t pci_vendor() const override { return 0x8086; }
  uint16_t pci_device() const override { return 0x100e; }
  bool is_open() const override { return open_; }
  Status open() override;
  void close() override;
  Status configure(const IpConfig& config) override;
  const IpConfig& config() const override { return config_; }
  const std::optional<DhcpReply>& dhcp_reply() const override { return reply_; }
  const std::optional<DhcpReply>& proxy_reply() const override { return no_reply_; }
  void take_lease();

 private:
  SimulatedNic nic_;
  Lease lease_;
  bool open_ = false;
  IpConfig config_;
  std::optional<DhcpReply> reply_, no_reply_;
};

/// Names are resolved and the time is told by the host; nothing answers a ping.
class SimulatedNetwork : public Network {
 public:
  SimulatedNetwork(Platform& platform, Lease lease, FetcherOptions fetching);
  const std::vector<Interface*>& interfaces() override { return all_; }
  Interface* find(std::string_view name) override;
  Interface* last_opened() override { return &net0_; }
  std::unique_ptr<DhcpTask> start_dhcp(Interface& interface, const DhcpSettings&) override;
  void set_dns(const std::vector<Ipv4>&, std::string_view) override {}
  std::unique_ptr<HostQuery> ask(const HostQuestion& question) override;
  Fetcher& fetcher() override { return fetcher_; }
  Pollable& pollable() override { return fetcher_; }
  void shut_down() override { net0_.close(); }

 private:
  Platform& platform_;
  SimulatedInterface net0_;
  std::vector<Interface*> all_{&net0_};
  HostFetcher fetcher_;
};

}  // namespace hawser::host
