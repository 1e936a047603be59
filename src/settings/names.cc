// Names of well-known settings, and how names become keys. Tags are DHCP options (RFC 2132 unless
// said otherwise), 175.x sub-options as iPXE numbers them, or pseudo tags for header fields.
#include <array>

#include "src/base/format.h"
#include "src/settings/settings.h"
#include "src/settings/tags.h"

namespace hawser {
namespace {

using enum SettingType;

constexpr std::array kNamed = {
    NamedSetting{"ip", tag::kIp, Ipv4, "address"},
    NamedSetting{"netmask", tag::kNetmask, Ipv4, "subnet mask"},
    NamedSetting{"gateway", tag::kGateway, Ipv4, "default router"},
    NamedSetting{"dns", tag::kDns, Ipv4, "name server"},
    NamedSetting{"syslog", 7, Ipv4, "log server"},
    NamedSetting{"hostname", 12, String, "host name"},
    NamedSetting{"domain", tag::kDomain, String, "DNS domain"},
    NamedSetting{"root-path", 17, String, "disk on the network, which this version cannot boot"},
    NamedSetting{"mtu", tag::kMtu, Int16, "largest IP packet"},
    NamedSetting{"ntp", 42, Ipv4, "time server"},
    NamedSetting{"dhcp-server", 54, Ipv4, "server of the lease"},
    NamedSetting{"vendor-class", 60, String, "vendor class sent in DHCP"},
    NamedSetting{"filename", tag::kFilename, String, "boot file"},
    NamedSetting{"user-class", 77, String, "user class sent in DHCP"},
    NamedSetting{"dnssl", 119, Dnssl, "DNS search list (RFC 3397)"},
    NamedSetting{"static-routes", 121, Hex, "routes (RFC 3442)"},
    NamedSetting{"next-server", tag::kNextServer, Ipv4, "TFTP server"},
    NamedSetting{"initiator-iqn", 203, String, "iSCSI initiator name"},
    NamedSetting{"priority", tag::kPriority, Int8, "rank of a block"},
    NamedSetting{"keep-san", 0xaf08, Int8, "no effect: there are no network disks to keep"},
    NamedSetting{"skip-san-boot", 0xaf09, Int8, "1: after the boot file, root-path is not tried"},
    NamedSetting{"scriptlet", 0xaf51, String, "command line run at start"},
    NamedSetting{"syslogs", 0xaf55, String, "log server over TLS"},
    NamedSetting{"trust", tag::kTrust, Hex, "trusted root fingerprints"},
    NamedSetting{"cert", tag::kCert, Hex, "client certificate"},
    NamedSetting{"privkey", tag::kPrivkey, Hex, "client key"},
    NamedSetting{"crosscert", tag::kCrosscert, String, "source of cross-signed certificates"},
    NamedSetting{"proxy", 0, String, "HTTP proxy, http://host:port"},
    NamedSetting{"no-proxy", 0, String, "hosts that need no proxy"},
    NamedSetting{"insecure-redirects", 0, Int8, "follow redirects from https to http"},
    NamedSetting{"http-connections", 0, Uint8,
                 "for one large file of a far server, at most; 1 to 8"},
    NamedSetting{"no-pxedhcp", 0xafb0, Uint8, "do not wait for ProxyDHCP"},
    NamedSetting{"san-retries", 0xafbb, Int8, "tries for a network disk"},
    NamedSetting{"san-filename", 0xafbc, String, "file in a network disk"},
    NamedSetting{"san-drive", 0xafbd, Uint8, "drive number"},
    NamedSetting{"username", 0xafbe, String, "user name"},
    NamedSetting{"password", 0xafbf, String, "password"},
    NamedSetting{"reverse-username", 0xafc0, String, "user name of the server"},
    NamedSetting{"reverse-password", 0xafc1, String, "password of the server"},
    NamedSetting{"uid", 0xafc2, Uint32, "NFS user"},
    NamedSetting{"gid", 0xafc3, Uint32, "NFS group"},
    NamedSetting{"mac", 0, Hex, "MAC address"},
    NamedSetting{"hwaddr", 0, Hex, "permanent MAC address"},
    NamedSetting{"ifname", 0, String, "name of the interface"},
    NamedSetting{"bustype", 0, String, "kind of bus"},
    NamedSetting{"busloc", 0, Uint32, "place on the bus"},
    NamedSetting{"busid", 0, Hex, "bus type, vendor, device"},
    NamedSetting{"chip", 0, String, "network chip"},
    NamedSetting{"linktype", 0, String, "kind of link"},
    NamedSetting{"ip6", 0, Ipv6, "IPv6 address"},
    NamedSetting{"len6", 0, Int8, "IPv6 prefix length"},
    NamedSetting{"gateway6", 0, Ipv6, "IPv6 router"},
    NamedSetting{"dns6", 0, Ipv6, "IPv6 name server"},
    NamedSetting{"syslog6", 0, Ipv6, "IPv6 log server"},
    NamedSetting{"uuid", 0, Uuid, "UUID of the machine"},
    NamedSetting{"manufacturer", 0, String, "maker of the machine"},
    NamedSetting{"product", 0, String, "product name"},
    NamedSetting{"serial", 0, String, "serial number"},
    NamedSetting{"asset", 0, String, "asset tag"},
    NamedSetting{"board-serial", 0, String, "serial number of the board"},
    NamedSetting{"cpuvendor", 0, String, "maker of the processor"},
    NamedSetting{"cpumodel", 0, String, "model of the processor"},
    NamedSetting{"errno", 0, Uint32, "status of the last failure"},
    NamedSetting{"buildarch", 0, String, "processor"},
    NamedSetting{"platform", 0, String, "firmware"},
    NamedSetting{"version", 0, String, "version"},
    NamedSetting{"unixtime", 0, Uint32, "seconds since 1970"},
    NamedSetting{"cwuri", 0, String, "URI of the running script"},
    NamedSetting{"cwduri", 0, String, "its directory"},
    NamedSetting{"memsize", 0, Int32, "memory in MiB"},
    NamedSetting{"dmesg", 0, String, "the last 8 KiB printed"},
};

/// A dotted list of numbers of at most 64 bits in all; tag 0 and no components otherwise.
SettingKey numeric_key(std::string_view name) {
  SettingKey key{name};
  uint64_t tag = 0;
  uint8_t components = 0;
  for (std::string_view rest = name;;) {
    size_t dot = rest.find('.');
    auto number = parse_integer(rest.substr(0, dot));
    if (!number || *number < 0 || components == 8) return key;
    tag = tag << 8 | uint64_t(*number);
    ++components;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  key.tag = tag;
  key.components = components;
  return key;
}

}  // namespace

std::span<const NamedSetting> named_settings() { return kNamed; }

const NamedSetting* find_named(const SettingKey& key) {
  for (const NamedSetting& row : kNamed)
    if (key.tag ? row.tag == key.tag : row.name == key.name) return &row;
  return nullptr;
}

SettingKey setting_key(std::string_view name) {
  for (const NamedSetting& row : kNamed)
    if (row.name == name) return {row.name, row.tag, 0};
  return numeric_key(name);
}

}  // namespace hawser
