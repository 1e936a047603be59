// The part of an interface that looks after its lease: starting DHCP, address conflicts, expiry.
#include "net/stack/interface.h"
#include "src/base/format.h"

namespace hawser::stack {

uint32_t StackInterface::start_dhcp(const DhcpSettings& settings) {
  dhcp_settings_ = settings;
  boot_server_reply_.reset();
  dhcp_unattended_ = renewing_ = false;
  begin_dhcp(platform_.now());
  return dhcp_run_;
}

void StackInterface::begin_dhcp(Millis now) {
  ++dhcp_run_;
  dhcp_.reset();
  asking_boot_server_ = false;
  dhcp_was_done_ = false;
  dhcp_start_error_.reset();
  renew_at_ = kNever;
  if (!open_) {
    dhcp_start_error_ = Error{Errc::NotConnected, cat(name_, ": is not open; ifopen it first")};
    return;
  }
  dhcp_ = std::make_unique<dhcp::LwipLink>(netif_, client_settings(),
                                           [this](const DhcpReply& ack) { on_bound(ack); });
  if (Status started = dhcp_->start(now); !started.ok()) {
    dhcp_start_error_ = std::move(started).error().in(name_);
    dhcp_.reset();
  }
  switch_port_told_ = false;
  heed_switch_port(now);
}

dhcp::ClientSettings StackInterface::client_settings() {
  dhcp::ClientSettings client;
  client.mac = nic().mac();
  client.vendor = entry_.vendor;
  client.device = entry_.device;
  client.request = dhcp_settings_;
  client.ask_for_broadcast = configured();
  client.xid = uint32_t(platform_.random() >> 16);
  return client;
}

uint32_t StackInterface::start_boot_server(uint16_t type, const DhcpSettings& settings) {
  Millis now = platform_.now();
  ++dhcp_run_;
  dhcp_start_error_.reset();
  boot_server_reply_.reset();
  if (!open_ || !dhcp_reply_) {
    dhcp_start_error_ = Error{Errc::NotConnected, cat(name_, ": has no lease; run dhcp first")};
    return dhcp_run_;
  }
  if (!dhcp_ || dhcp_->client().state() != dhcp::Client::State::Bound) {
    dhcp_settings_ = settings;
    dhcp_ = std::make_unique<dhcp::LwipLink>(netif_, client_settings(), [](const DhcpReply&) {});
    if (Status begun = dhcp_->adopt(now, *dhcp_reply_, proxy_reply_); !begun.ok()) {
      dhcp_start_error_ = std::move(begun).error().in(name_);
      dhcp_.reset();
      return dhcp_run_;
    }
    dhcp_was_done_ = true;
  }
  dhcp_->find_boot_server(type, now);
  asking_boot_server_ = true;
  return dhcp_run_;
}

void StackInterface::learn_switch_port(const SwitchPort& port, Millis now) {
  if (!switch_port_) switch_port_since_ = now;
  switch_port_ = port;
  heed_switch_port(now);
}

/// DHCP waits longer than it would for servers alone, but only for a switch that tells why.
void StackInterface::heed_switch_port(Millis now) {
  if (!switch_port_ || !dhcp_busy() || dhcp_->client().state() != dhcp::Client::State::Discovering)
    return;
  if (switch_port_->forwarding) {
    if (switch_port_told_) dhcp_->hurry(now);
    switch_port_told_ = false;
    return;
  }
  Millis end = switch_port_since_ + switch_port_->wait;
  if (switch_port_told_ || reached(end, now)) return;
  switch_port_told_ = true;
  dhcp_->be_patient(end);
  bool lacp = switch_port_->protocol == SwitchPort::Protocol::Lacp;
  say(cat("the switch port ",
          lacp ? "wants a partner for link aggregation (LACP) and may not forward without one"
               : "is not forwarding yet (STP)",
          "; waiting up to ", switch_port_->wait.ms / 1000, " s"));
}

void StackInterface::cancel_dhcp() {
  ++dhcp_run_;
  dhcp_.reset();
}

/// Nobody knows when that lease ends, so it is used like an address set by hand.
void StackInterface::adopt_firmware_lease() {
  auto ours = [&](const std::vector<uint8_t>& packet) {
    auto answer = dhcp::parse_answer(packet);
    return answer && answer->chaddr == nic().mac() ? answer : std::nullopt;
  };
  auto ack = ours(entry_.firmware_ack);
  if (!ack || ack->reply.yiaddr.any() || !open().ok()) return;
  if (!configure(dhcp::config_of(ack->reply)).ok()) return close();
  dhcp_reply_ = std::move(ack->reply);
  // Without a PXE server of its own, the ROM gives the DHCP server's answer again.
  if (entry_.firmware_proxy == entry_.firmware_ack) return;
  if (auto proxy = ours(entry_.firmware_proxy)) proxy_reply_ = std::move(proxy->reply);
}

/// Acts on what frames and time did to the exchange, in the same poll: whoever waits for it sees
/// the interface configured when it is done.
void StackInterface::settle_dhcp(Millis now) {
  if (!dhcp_) return;
  if (conflict_) {
    Mac other = *conflict_;
    say(cat("DHCP address ", to_string(config_.address), " is in use by ", to_string(other),
            "; declined it, asking for another"));
    dhcp_unattended_ |= dhcp_was_done_;
    dhcp_was_done_ = false;
    dhcp_->on_conflict(other, now);
    renewing_ = false;
    dhcp_reply_.reset();
    proxy_reply_.reset();
    apply({});
  }
  const dhcp::Client& client = dhcp_->client();
  if (client.done() && asking_boot_server_) {
    asking_boot_server_ = false;
    boot_server_reply_ = client.boot_server();
    return;
  }
  if (!client.done() || dhcp_was_done_) return;

  dhcp_was_done_ = true;
  if (client.state() == dhcp::Client::State::Failed) {
    if (dhcp_unattended_) say(client.error().text);
    return;
  }
  dhcp_reply_ = client.ack();
  proxy_reply_ = client.proxy();
  lease_end_ = client.lease_end();
  if (lease_end_ != kNever) renew_at_ = lease_end_ - Millis{(lease_end_ - now).ms / 4};
  if (dhcp_unattended_ && !renewing_) say(cat("leased ", to_string(config_.address)));
  renewing_ = false;
}

/// There is no renewal as such: at three quarters of the lease the whole exchange is done again.
/// A server that gives the same address leaves connections as they are.
void StackInterface::poll_lease(Millis now) {
  if (leased_ && reached(lease_end_, now)) {
    say(cat("the lease of ", to_string(config_.address),
            " ran out and was not renewed; run dhcp to ask for another"));
    cancel_dhcp();
    apply({});
  } else if (leased_ && reached(renew_at_, now)) {
    dhcp_unattended_ = renewing_ = true;
    begin_dhcp(now);
  }
}

}  // namespace hawser::stack
