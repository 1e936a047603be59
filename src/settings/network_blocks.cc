// Settings of interfaces and DHCP answers (src/settings/network_blocks.h).
#include "src/settings/network_blocks.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/settings/tags.h"

namespace hawser {
namespace {

constexpr std::string_view kFacts[] = {"mac",    "hwaddr", "ifname", "bustype",
                                       "busloc", "busid",  "chip",   "linktype"};
constexpr std::string_view kMac = "mac";
constexpr uint64_t kConfigTags[] = {tag::kIp,  tag::kNetmask, tag::kGateway,
                                    tag::kDns, tag::kDomain,  tag::kMtu};
constexpr uint8_t kBusTypePci = 1;  // first byte of `busid`

bool configures(const SettingKey& key) {
  return key.tag != 0 && std::ranges::find(kConfigTags, key.tag) != std::end(kConfigTags);
}

SettingValue bytes_value(Bytes bytes, std::optional<SettingType> type = std::nullopt) {
  return {{bytes.begin(), bytes.end()}, type};
}

std::optional<SettingValue> address_value(Ipv4 address) {
  if (address.any()) return std::nullopt;
  return bytes_value(address.bytes, SettingType::Ipv4);
}

/// Sub-option `code` within an encapsulating option (RFC 2132 §8.4): the first one.
std::optional<Bytes> sub_option(Bytes options, uint8_t code) {
  constexpr uint8_t kPad = 0, kEnd = 255;
  for (size_t at = 0; at < options.size();) {
    uint8_t found = options[at++];
    if (found == kPad) continue;
    if (found == kEnd || at >= options.size()) return std::nullopt;
    uint8_t length = options[at++];
    auto value = slice(options, at, length);
    if (!value) return std::nullopt;
    if (found == code) return value;
    at += length;
  }
  return std::nullopt;
}

/// The mask of the address's class (RFC 791 §3.2), for when nobody gives one.
Ipv4 class_mask(Ipv4 address) {
  uint8_t first = address.bytes[0];
  return Ipv4::from_host_order(first < 128 ? 0xff000000 : first < 192 ? 0xffff0000 : 0xffffff00);
}

}  // namespace

std::vector<Ipv4> ipv4_list(Bytes bytes) {
  std::vector<Ipv4> list;
  for (; bytes.size() >= 4; bytes = bytes.subspan(4))
    list.push_back({{bytes[0], bytes[1], bytes[2], bytes[3]}});
  return list;
}

std::optional<SettingValue> DhcpBlock::find(const SettingKey& key) const {
  const std::optional<DhcpReply>* source = source_();
  if (!source || !*source || key.tag == 0) return std::nullopt;
  const DhcpReply& reply = **source;
  if (key.tag == tag::kIp) return address_value(reply.yiaddr);
  if (key.tag == tag::kNextServer) return address_value(reply.siaddr);
  if (key.tag == tag::kFilename) {
    std::string name = reply.filename();
    if (name.empty()) return std::nullopt;
    return bytes_value(bytes_of(name), SettingType::String);
  }
  int shift = 0;
  while (shift < 56 && key.tag >> (shift + 8)) shift += 8;
  auto value = reply.find(uint8_t(key.tag >> shift));
  while (value && shift > 0) {
    shift -= 8;
    value = sub_option(*value, uint8_t(key.tag >> shift));
  }
  if (!value) return std::nullopt;
  return bytes_value(*value);
}

std::vector<std::string> DhcpBlock::names() const {
  const std::optional<DhcpReply>* source = source_();
  if (!source || !*source) return {};
  std::vector<std::string> names;
  for (std::string_view header : {"ip", "next-server", "filename"})
    if (find(setting_key(header))) names.emplace_back(header);
  for (const DhcpOption& option : (*source)->options) {
    if (option.code == tag::kFilename) continue;
    std::string number = decimal(uint64_t{option.code});
    const NamedSetting* named = find_named(setting_key(number));
    names.push_back(named ? std::string(named->name) : number);
  }
  return names;
}

InterfaceBlock::InterfaceBlock(Interface& interface)
    : StoredBlock(std::string(interface.name())),
      interface_(interface),
      lease_(std::make_unique<DhcpBlock>("dhcp", [this] { return &interface_.dhcp_reply(); })) {}

std::optional<SettingValue> InterfaceBlock::fact(std::string_view name) const {
  auto text = [](std::string_view value) {
    return bytes_value(bytes_of(value), SettingType::String);
  };
  if (name == kMac || name == "hwaddr") {
    Mac mac = name == kMac ? interface_.nic().mac() : interface_.nic().permanent_mac();
    return bytes_value(mac.bytes, SettingType::Hex);
  }
  if (name == "ifname") return text(interface_.name());
  if (name == "bustype") return text(interface_.bus());
  if (name == "chip") return text(interface_.nic().chip());
  if (name == "linktype") return text("Ethernet");
  if (name == "busloc")
    return SettingValue{number_bytes(interface_.bus_location(), 4), SettingType::Uint32};
  if (name == "busid") {
    uint16_t vendor = interface_.pci_vendor(), device = interface_.pci_device();
    uint8_t id[] = {kBusTypePci, uint8_t(vendor >> 8), uint8_t(vendor), uint8_t(device >> 8),
                    uint8_t(device)};
    return bytes_value(id, SettingType::Hex);
  }
  return std::nullopt;
}

std::optional<SettingValue> InterfaceBlock::find(const SettingKey& key) const {
  if (key.tag == 0)
    if (auto known = fact(key.name)) return known;
  if (auto stored = StoredBlock::find(key)) return stored;
  if (key.tag == tag::kMtu && !lease_->find(key))
    return SettingValue{number_bytes(interface_.nic().mtu(), 2), SettingType::Int16};
  return std::nullopt;
}

/// Gives the card an address; it must be closed, as the address is in use otherwise.
Status InterfaceBlock::set_mac(const Mac& mac) {
  if (interface_.is_open())
    return Error{Errc::NotPermitted,
                 cat(name(), " is open; \"ifclose ", name(), "\" before changing its address")};
  return interface_.nic().set_mac(mac);
}

Status InterfaceBlock::store(const SettingKey& key, SettingValue value) {
  if (key.tag == 0 && key.name == kMac) {
    Mac mac;
    if (value.bytes.size() != mac.bytes.size() || value.bytes[0] & 1)
      return Error{Errc::Invalid, "an address has 6 bytes, and the first is an even number"};
    std::copy(value.bytes.begin(), value.bytes.end(), mac.bytes.begin());
    if (mac == Mac{}) return Error{Errc::Invalid, "an address of zeros is none"};
    return set_mac(mac);
  }
  if (key.tag == 0 && fact(key.name))
    return Error{Errc::Unsupported, cat("\"", key.name, "\" of an interface cannot be changed")};
  TRY(StoredBlock::store(key, std::move(value)));
  return configures(key) ? apply() : ok_status();
}

Status InterfaceBlock::clear(const SettingKey& key) {
  Nic& nic = interface_.nic();
  if (key.tag == 0 && key.name == kMac && nic.mac() != nic.permanent_mac())
    return set_mac(nic.permanent_mac());
  bool there = StoredBlock::find(key).has_value();
  TRY(StoredBlock::clear(key));
  return there && configures(key) ? apply() : ok_status();
}

std::vector<std::string> InterfaceBlock::names() const {
  std::vector<std::string> names(std::begin(kFacts), std::end(kFacts));
  names.emplace_back("mtu");
  for (std::string& stored : StoredBlock::names())
    if (stored != "mtu") names.push_back(std::move(stored));
  return names;
}

std::vector<SettingsBlock*> InterfaceBlock::children() const {
  std::vector<SettingsBlock*> children{lease_.get()};
  for (SettingsBlock* made : StoredBlock::children()) children.push_back(made);
  return children;
}

/// What the interface is to use: what a script stored, else what the lease says.
std::optional<SettingValue> InterfaceBlock::configured(uint64_t tag) const {
  SettingKey key{{}, tag};
  if (auto stored = StoredBlock::find(key)) return stored;
  return lease_->find(key);
}

bool InterfaceBlock::configured_by_hand() const {
  for (uint64_t tag : kConfigTags)
    if (StoredBlock::find({{}, tag})) return true;
  return false;
}

Status InterfaceBlock::apply() {
  if (!interface_.is_open()) return ok_status();  // done when it is opened

  auto addresses = [this](uint64_t tag) {
    auto value = configured(tag);
    return value ? ipv4_list(value->bytes) : std::vector<Ipv4>{};
  };
  auto address = [&](uint64_t tag) {
    auto list = addresses(tag);
    return list.empty() ? Ipv4{} : list.front();
  };
  IpConfig config;
  config.address = address(tag::kIp);
  config.netmask = address(tag::kNetmask);
  if (config.netmask.any() && !config.address.any()) config.netmask = class_mask(config.address);
  config.gateway = address(tag::kGateway);
  config.dns = addresses(tag::kDns);
  if (auto domain = configured(tag::kDomain)) config.domain = text_of(domain->bytes);
  if (auto mtu = configured(tag::kMtu); mtu && mtu->bytes.size() == 2)
    config.mtu = uint16_t(mtu->bytes[0] << 8 | mtu->bytes[1]);
  return interface_.configure(config);
}

}  // namespace hawser
