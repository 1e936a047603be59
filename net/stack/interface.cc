#include "net/stack/interface.h"

#include <algorithm>
#include <array>
#include <vector>

#include "lwip/etharp.h"
#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"
#include "net/stack/arp.h"
#include "net/stack/vlan.h"
#include "netif/ethernet.h"
#include "src/base/format.h"

namespace hawser::stack {
namespace {

constexpr size_t kFramesPerPoll = 64;
constexpr size_t kEthernetHeaderBytes = 14;
constexpr size_t kMaxPieces = 16;
constexpr Millis kLinkInterval{50};

ip4_addr_t to_lwip(Ipv4 address) {
  ip4_addr_t result;
  ip4_addr_set_u32(&result, lwip_htonl(address.host_order()));
  return result;
}

StackInterface& self_of(netif* netif) { return *static_cast<StackInterface*>(netif->state); }

}  // namespace

StackInterface::StackInterface(Platform& platform, InterfaceOwner& owner, std::string name,
                               NicEntry entry)
    : platform_(platform), owner_(owner), name_(std::move(name)), entry_(std::move(entry)) {}

// --- opening and closing -------------------------------------------------------------------------

Status StackInterface::open() {
  if (open_) return ok_status();
  if (Status grown = owner_.prepare_pool(); !grown.ok())
    return std::move(grown).error().in(cat(name_, ": receive buffers"));
  if (Status opened = nic().open(*this); !opened.ok()) return std::move(opened).error().in(name_);
  ip4_addr_t none{};
  netif_ = {};
  if (!netif_add(&netif_, &none, &none, &none, this, init_netif, ethernet_input)) {
    nic().close();
    return Error{Errc::NoBuffers, cat(name_, ": too many interfaces are open")};
  }
  open_ = true;
  next_link_check_ = {0};
  switch_port_.reset();
  netif_set_up(&netif_);
  check_link(platform_.now());
  owner_.opened(*this);
  return ok_status();
}

void StackInterface::close() {
  if (!open_) return;
  open_ = false;
  cancel_dhcp();
  apply({});
  dhcp_reply_.reset();
  proxy_reply_.reset();
  boot_server_reply_.reset();
  netif_remove(&netif_);  // connections over this interface learn of it here
  nic().close();
  owner_.changed(*this);
}

void StackInterface::pause() {
  if (open_) nic().close();
}

Status StackInterface::resume() {
  if (!open_) return ok_status();
  Status opened = nic().open(*this);
  if (!opened.ok()) close();
  return opened.ok() ? std::move(opened) : std::move(opened).error().in(name_);
}

err_t StackInterface::init_netif(netif* netif) {
  StackInterface& self = self_of(netif);
  netif->name[0] = 'n';
  netif->name[1] = 'e';
  netif->output = etharp_output;
  netif->linkoutput = transmit;
  netif->mtu = u16_t(self.nic().mtu());
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  netif->hwaddr_len = ETH_HWADDR_LEN;
  Mac mac = self.nic().mac();
  std::copy(mac.bytes.begin(), mac.bytes.end(), netif->hwaddr);
  return ERR_OK;
}

// --- frames --------------------------------------------------------------------------------------

err_t StackInterface::transmit(netif* netif, pbuf* packet) {
  std::array<Bytes, kMaxPieces> pieces;
  std::vector<uint8_t> joined;
  size_t count = 0;
  for (pbuf* piece = packet; piece; piece = piece->next) {
    if (count == kMaxPieces) {
      joined.resize(packet->tot_len);
      pbuf_copy_partial(packet, joined.data(), packet->tot_len, 0);
      pieces[0] = joined;
      count = 1;
      break;
    }
    if (piece->len > 0) pieces[count++] = {static_cast<const uint8_t*>(piece->payload), piece->len};
  }
  StackInterface& self = self_of(netif);
  return self.nic().transmit({pieces.data(), count}) ? ERR_OK : ERR_IF;
}

void StackInterface::give_back(std::span<RxPart> parts) {
  for (const RxPart& part : parts) give_back(part.buffer);
}

void StackInterface::received_parts(std::span<RxPart> parts, bool checked) {
  size_t length = 0;
  bool sound = open_ && !parts.empty() && parts[0].bytes >= kEthernetHeaderBytes;
  for (const RxPart& part : parts) {
    sound = sound && fits(part.at, part.bytes, kRxBufferBytes);
    length += part.bytes;
  }
  if (!sound || length > UINT16_MAX) return give_back(parts);
  uint8_t* head = parts[0].buffer->data + parts[0].at;
  if (watcher_ && watcher_({head, parts[0].bytes})) return give_back(parts);
  if (auto port = switch_port({head, parts[0].bytes})) {
    learn_switch_port(*port, platform_.now());
    return give_back(parts);
  }
  if (auto vlan = vlan_of({head, parts[0].bytes})) {
    if (VlanNic* card = owner_.vlan_over(*this, *vlan)) return card->received(parts, checked);
    if (*vlan != 0) return give_back(parts);
    parts[0].bytes = remove_tag(head, parts[0].bytes);  // a priority only
  }
  if (leased_ && !conflict_)
    conflict_ = arp_conflict({head, parts[0].bytes}, nic().mac(), config_.address);
  pbuf* packet = nullptr;
  for (size_t i = parts.size(); i-- > 0;) {
    pbuf* piece = owner_.pool().wrap(parts[i]);
    if (packet) pbuf_cat(piece, packet);
    packet = piece;
  }
  constexpr u16_t kAll = NETIF_CHECKSUM_ENABLE_ALL;
  constexpr u16_t kSums = NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP;
  NETIF_SET_CHECKSUM_CTRL(&netif_, checked ? u16_t(kAll & ~kSums) : kAll);
  if (netif_.input(packet, &netif_) != ERR_OK) pbuf_free(packet);
  // Several segments in one: lwIP would hold back the answer to a first one, and the sender, who sees
  // many of them under way, waits for it.
  if (parts.size() > 1) tcp_fasttmr();
}

size_t StackInterface::poll(Millis now) {
  if (!open_) return 0;
  if (reached(next_link_check_, now)) check_link(now);
  if (dhcp_) dhcp_->poll(now);
  poll_lease(now);
  size_t frames = nic().poll(kFramesPerPoll);
  settle_dhcp(now);
  return frames;
}

void StackInterface::check_link(Millis now) {
  next_link_check_ = now + kLinkInterval;
  bool up = nic().link() == Link::Up;
  if (up == bool(netif_is_link_up(&netif_))) return;
  switch_port_.reset();
  up ? netif_set_link_up(&netif_) : netif_set_link_down(&netif_);
}

// --- addresses -----------------------------------------------------------------------------------

Status StackInterface::configure(const IpConfig& config) {
  if (!open_) return Error{Errc::NotConnected, cat(name_, ": is not open; ifopen it first")};
  uint8_t first = config.address.bytes[0];
  if (!config.address.any() && (first == 0 || first == 127 || first >= 224))
    return Error{Errc::Invalid,
                 cat(name_, ": ", to_string(config.address), " is no address for a host")};
  cancel_dhcp();
  apply(config);
  return ok_status();
}

void StackInterface::apply(const IpConfig& config) {
  config_ = config;
  leased_ = false;
  conflict_.reset();
  lease_end_ = renew_at_ = kNever;
  if (open_) check_link(platform_.now());  // lwIP has no route over a link that it holds to be down
  ip4_addr_t address = to_lwip(config.address), mask = to_lwip(config.netmask),
             gateway = to_lwip(config.gateway);
  netif_set_addr(&netif_, &address, &mask, &gateway);
  uint32_t mtu = nic().mtu();
  netif_.mtu = u16_t(config.mtu ? std::min<uint32_t>(*config.mtu, mtu) : mtu);
  owner_.changed(*this);
}

void StackInterface::on_bound(const DhcpReply& ack) {
  IpConfig config = dhcp::config_of(ack);
  apply(config);
  leased_ = true;
  auto probe = arp_probe(nic().mac(), config.address);
  const Bytes piece{probe};
  nic().transmit({&piece, 1});
}

void StackInterface::say(std::string_view text) {
  platform_.put(cat("\n", name_, ": ", text, "\n"));
}

}  // namespace hawser::stack
