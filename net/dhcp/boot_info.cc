#include "net/dhcp/boot_info.h"

#include <algorithm>

namespace hawser::dhcp {
namespace {

constexpr std::string_view kPxeClient = "PXEClient";

// Bits of discovery control (PXE 2.1 §2.2, option 43 tag 6).
constexpr uint8_t kNoBroadcast = 1, kNoMulticast = 2, kOnlyListed = 4, kFileIfPresent = 8;

Ipv4 address_at(Bytes bytes, size_t at) {
  return {{bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}};
}

/// Addresses that the boot server list (43.8) gives for one type.
std::vector<Ipv4> listed_servers(std::optional<Bytes> list, uint16_t type) {
  std::vector<Ipv4> servers;
  size_t at = 0;
  while (list && fits(at, 3, list->size())) {
    bool wanted = *read_be<uint16_t>(*list, at) == type;
    size_t count = (*list)[at + 2];
    at += 3;
    for (; count > 0 && fits(at, 4, list->size()); --count, at += 4)
      if (wanted && assignable(address_at(*list, at))) servers.push_back(address_at(*list, at));
  }
  return servers;
}

uint8_t discovery_control(std::optional<Bytes> pxe_options) {
  auto value = sub_option(pxe_options, pxe::kDiscoveryControl);
  return value && !value->empty() ? value->front() : 0;
}

bool is_multicast(Ipv4 address) { return (address.bytes[0] & 0xf0) == 224; }  // RFC 5771 §3

/// A file that PXE ROMs could not start, so it is meant for a client that runs scripts.
bool meant_for_script_clients(std::string_view filename) {
  return filename.ends_with(".ipxe") || filename.find("://") != std::string_view::npos;
}

}  // namespace

bool assignable(Ipv4 address) {
  uint8_t first = address.bytes[0];
  return first != 0 && first != 127 && first < 224;
}

bool from_pxe_server(const DhcpReply& reply) {
  return text_option(reply, option::kVendorClass).starts_with(kPxeClient);
}

bool has_boot_information(const DhcpReply& reply) {
  if (!reply.filename().empty()) return true;
  if (from_pxe_server(reply) && reply.find(option::kVendorInfo)) return true;
  if (!text_option(reply, option::kRootPath).empty()) return true;
  return sub_option(reply.find(option::kIpxe), ipxe::kScriptlet).has_value();
}

bool refuses_proxy(const DhcpReply& reply) {
  auto value = sub_option(reply.find(option::kIpxe), ipxe::kNoPxeDhcp);
  return value && std::ranges::any_of(*value, [](uint8_t b) { return b != 0; });
}

int priority_of(const DhcpReply& reply) {
  auto value = sub_option(reply.find(option::kIpxe), ipxe::kPriority);
  return value && !value->empty() ? int8_t(value->front()) : 0;
}

std::vector<Ipv4> boot_servers(const DhcpReply& reply, Ipv4 sender, uint16_t type) {
  auto pxe_options = reply.find(option::kVendorInfo);
  uint8_t control = discovery_control(pxe_options);
  std::vector<Ipv4> servers = listed_servers(sub_option(pxe_options, pxe::kBootServers), type);
  if (control & kOnlyListed) return servers;
  auto group = sub_option(pxe_options, pxe::kMulticast);
  if (!(control & kNoMulticast) && group && group->size() >= 4 &&
      is_multicast(address_at(*group, 0)))
    servers.push_back(address_at(*group, 0));
  if (!(control & kNoBroadcast)) servers.push_back(kBroadcast);
  if (servers.empty() && assignable(sender)) servers.push_back(sender);
  return servers;
}

std::optional<BootServerSearch> boot_server_search(const DhcpReply& reply, Ipv4 sender) {
  if (text_option(reply, option::kVendorClass) != kPxeClient) return std::nullopt;
  auto pxe_options = reply.find(option::kVendorInfo);
  auto menu = sub_option(pxe_options, pxe::kBootMenu);
  auto item = menu ? read_be<uint16_t>(*menu, 0) : std::nullopt;
  auto prompt = sub_option(pxe_options, pxe::kMenuPrompt);
  if (!item || !prompt || prompt->empty() || prompt->front() != 0) return std::nullopt;

  std::string filename = reply.filename();
  bool prefers_file = discovery_control(pxe_options) & kFileIfPresent;
  if (prefers_file && !filename.empty()) return std::nullopt;
  if (meant_for_script_clients(filename)) return std::nullopt;
  return BootServerSearch{*item, boot_servers(reply, sender, *item)};
}

bool is_of_type(const DhcpReply& reply, uint16_t type) {
  auto item = sub_option(reply.find(option::kVendorInfo), pxe::kBootItem);
  auto found = item ? read_be<uint16_t>(*item, 0) : std::nullopt;
  return !found || *found == type;
}

}  // namespace hawser::dhcp
