// Leases in device paths: see lease.h.
#include "arch/x86_64/uefi/lease.h"

#include <algorithm>

#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi {
namespace {

using efi::DevicePath;

Ipv4 ipv4_at(Bytes data, size_t at) {
  Ipv4 address;
  std::copy_n(data.begin() + at, address.bytes.size(), address.bytes.begin());
  return address;
}

std::vector<Ipv4> dns_in(const DevicePath* path) {
  constexpr size_t kAddressBytes = 16, kMost = 8;  // of EFI_IP_ADDRESS, an IPv4 address comes first
  auto* node = find_node(path, DevicePath::kMessaging, DevicePath::kDns);
  if (!node) return {};
  Bytes data = node_data(*node);
  if (data.empty() || data[0] != 0) return {};  // IPv6
  std::vector<Ipv4> servers;
  for (data = data.subspan(1); data.size() >= kAddressBytes && servers.size() < kMost;
       data = data.subspan(kAddressBytes))
    if (Ipv4 server = ipv4_at(data, 0); !server.any()) servers.push_back(server);
  return servers;
}

}  // namespace

std::optional<PathLease> lease_in(const DevicePath* path) {
  constexpr size_t kLocal = 0, kRemote = 4, kGateway = 15, kNetmask = 19;
  constexpr size_t kOldBytes = 15, kBytes = 23;  // before UEFI 2.3.1 gateway and mask were missing
  auto* node = find_node(path, DevicePath::kMessaging, DevicePath::kIpv4);
  if (!node) return std::nullopt;
  Bytes data = node_data(*node);
  if (data.size() < kOldBytes) return std::nullopt;
  PathLease lease;
  lease.address = ipv4_at(data, kLocal);
  lease.server = ipv4_at(data, kRemote);
  if (lease.address.any()) return std::nullopt;
  if (data.size() >= kBytes) {
    lease.gateway = ipv4_at(data, kGateway);
    lease.netmask = ipv4_at(data, kNetmask);
  }
  lease.dns = dns_in(path);
  return lease;
}

std::optional<uint16_t> vlan_in(const DevicePath* path) {
  constexpr uint16_t kMost = 4094;  // IEEE 802.1Q §9.6; 0 is a priority alone
  auto* node = find_node(path, DevicePath::kMessaging, DevicePath::kVlan);
  auto vlan = node ? read_le<uint16_t>(node_data(*node), 0) : std::nullopt;
  return vlan && *vlan > 0 && *vlan <= kMost ? vlan : std::nullopt;
}

std::vector<uint8_t> as_dhcp_ack(const PathLease& lease, Bytes mac, std::string_view uri) {
  // RFC 2131 §2, RFC 2132 §3 and §9.
  constexpr size_t kYiaddr = 16, kSiaddr = 20, kChaddr = 28, kCookie = 236, kOptions = 240;
  constexpr uint8_t kReply = 2, kEthernet = 1, kMacBytes = 6, kAck = 5, kEnd = 255;
  constexpr uint8_t kMagic[] = {99, 130, 83, 99};
  std::vector<uint8_t> packet(kOptions);
  auto put = [&](size_t at, Bytes bytes) { std::copy(bytes.begin(), bytes.end(), &packet[at]); };
  auto option = [&](uint8_t code, Bytes value) {
    if (value.empty() || value.size() > UINT8_MAX) return;
    packet.insert(packet.end(), {code, uint8_t(value.size())});
    packet.insert(packet.end(), value.begin(), value.end());
  };
  auto address = [&](uint8_t code, const Ipv4& value) {
    if (!value.any()) option(code, value.bytes);
  };
  const uint8_t head[] = {kReply, kEthernet, kMacBytes};
  put(0, head);
  put(kYiaddr, lease.address.bytes);
  put(kSiaddr, lease.server.bytes);
  put(kChaddr, mac.first(std::min<size_t>(mac.size(), kMacBytes)));
  put(kCookie, kMagic);
  option(53, Bytes{&kAck, 1});
  address(1, lease.netmask);
  address(3, lease.gateway);
  std::vector<uint8_t> servers;
  for (const Ipv4& server : lease.dns)
    servers.insert(servers.end(), server.bytes.begin(), server.bytes.end());
  option(6, servers);
  option(67, bytes_of(uri));
  packet.push_back(kEnd);
  return packet;
}

}  // namespace hawser::uefi
