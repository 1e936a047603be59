// One network interface: a card, its lwIP netif, and its lease.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lwip/netif.h"
#include "net/dhcp/lwip_link.h"
#include "net/stack/rx_pool.h"
#include "net/stack/stack.h"
#include "net/stack/switch_port.h"
#include "src/network.h"
#include "src/platform.h"

namespace hawser::stack {

class StackInterface;
class VlanNic;

/// What an interface needs from the stack as a whole.
class InterfaceOwner {
 public:
  virtual ~InterfaceOwner() = default;
  virtual RxPool& pool() = 0;
  /// Before a card opens: enough free buffers for its ring. Errors: NoMemory.
  virtual Status prepare_pool() = 0;
  /// `interface` was opened, closed, or has other addresses or DNS servers than before.
  virtual void changed(StackInterface& interface) = 0;
  virtual void opened(StackInterface& interface) = 0;
  /// The open card for a VLAN over `trunk`; nullptr when there is none.
  virtual VlanNic* vlan_over(StackInterface& trunk, uint16_t vlan) = 0;
};

class StackInterface final : public Interface, private FramePort {
 public:
  StackInterface(Platform& platform, InterfaceOwner& owner, std::string name, NicEntry entry);
  ~StackInterface() override { close(); }

  std::string_view name() const override { return name_; }
  Nic& nic() override { return *entry_.nic; }
  std::string_view bus() const override { return entry_.bus; }
  uint32_t bus_location() const override { return entry_.bus_location; }
  uint16_t pci_vendor() const override { return entry_.vendor; }
  uint16_t pci_device() const override { return entry_.device; }
  const Interface* trunk() const override { return entry_.trunk; }

  bool is_open() const override { return open_; }
  Status open() override;
  void close() override;
  Status configure(const IpConfig& config) override;
  const IpConfig& config() const override { return config_; }
  const std::optional<DhcpReply>& dhcp_reply() const override { return dhcp_reply_; }
  const std::optional<DhcpReply>& proxy_reply() const override { return proxy_reply_; }
  const std::optional<DhcpReply>& boot_server_reply() const override { return boot_server_reply_; }

  std::string_view proxy_contest() const override {
    return dhcp_ ? dhcp_->client().contest() : std::string_view{};
  }

  void watch(const std::function<bool(Bytes)>& watcher) override { watcher_ = watcher; }

  // --- for the stack ----------------------------------------------------------------------------
  netif& lwip() { return netif_; }
  /// Moves frames, and does what DHCP and the lease have due. Returns frames received.
  size_t poll(Millis now);
  bool configured() const { return !config_.address.any(); }
  /// A lease is being asked for.
  bool dhcp_busy() const { return dhcp_ && !dhcp_->client().done(); }

  /// Number of the exchange, by which a DhcpTask knows its own.
  uint32_t start_dhcp(const DhcpSettings& settings);
  /// As start_dhcp(); the lease stays.
  uint32_t start_boot_server(uint16_t type, const DhcpSettings& settings);
  uint32_t dhcp_run() const { return dhcp_run_; }
  /// The client of the exchange in progress or done; nullptr when there is none.
  const dhcp::Client* dhcp_client() const { return dhcp_ ? &dhcp_->client() : nullptr; }
  const std::optional<Error>& dhcp_start_error() const { return dhcp_start_error_; }
  void cancel_dhcp();

  /// Closes the card, and opens it again. An interface whose card does not open is closed.
  void pause();
  Status resume();

  /// Opens the interface with the lease that the firmware got on this card, if there is one.
  void adopt_firmware_lease();

 private:
  // FramePort
  RxBuffer* take() override { return owner_.pool().take(); }
  void received_parts(std::span<RxPart> parts, bool checked) override;
  void give_back(RxBuffer* buffer) override { owner_.pool().put(buffer); }
  void give_back(std::span<RxPart> parts);

  static err_t init_netif(netif* netif);
  static err_t transmit(netif* netif, pbuf* packet);
  void apply(const IpConfig& config);
  void check_link(Millis now);
  void learn_switch_port(const SwitchPort& port, Millis now);
  void heed_switch_port(Millis now);
  void on_bound(const DhcpReply& ack);
  void settle_dhcp(Millis now);
  void poll_lease(Millis now);
  void begin_dhcp(Millis now);
  dhcp::ClientSettings client_settings();
  void say(std::string_view text);

  Platform& platform_;
  InterfaceOwner& owner_;
  std::string name_;
  NicEntry entry_;
  netif netif_{};
  bool open_ = false;
  std::function<bool(Bytes)> watcher_;
  Millis next_link_check_{0};
  std::optional<SwitchPort> switch_port_;  ///< what the switch last told, since the link is up
  Millis switch_port_since_{0};            ///< when it told first
  bool switch_port_told_ = false;          ///< the exchange knows that it may not get through
  IpConfig config_;
  std::optional<DhcpReply> dhcp_reply_, proxy_reply_, boot_server_reply_;

  DhcpSettings dhcp_settings_;
  std::unique_ptr<dhcp::LwipLink> dhcp_;
  std::optional<Error> dhcp_start_error_;
  uint32_t dhcp_run_ = 0;
  bool dhcp_was_done_ = false;    ///< its end was seen to
  bool dhcp_unattended_ = false;  ///< nobody waits for it: what happens is printed
  bool renewing_ = false;
  bool asking_boot_server_ = false;
  std::optional<Mac> conflict_;  ///< another host uses our leased address
  bool leased_ = false;          ///< config_ is from dhcp_reply_
  Millis lease_end_ = kNever, renew_at_ = kNever;
};

}  // namespace hawser::stack
