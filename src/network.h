// What commands, settings and autoboot need from the network, without knowing lwIP or drivers.
// Implemented by net/stack.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/nic.h"
#include "src/base/address.h"
#include "src/base/result.h"
#include "src/fetch.h"
#include "src/loop.h"

namespace hawser {

/// One DHCP option of a received packet, joined over RFC 3396 parts and option overload.
struct DhcpOption {
  uint8_t code = 0;
  std::vector<uint8_t> value;
};

/// A DHCP answer as it came: fixed fields plus joined options in order of first appearance.
struct DhcpReply {
  Ipv4 yiaddr, siaddr;             ///< siaddr: next server
  std::string sname, file;         ///< header fields (empty when overloaded with options)
  std::vector<DhcpOption> options;

  /// Value of an option, or nothing. Sub-options: find within the value yourself.
  std::optional<Bytes> find(uint8_t code) const {
    for (const DhcpOption& option : options)
      if (option.code == code) return Bytes{option.value};
    return std::nullopt;
  }
  /// Boot file: option 67 if present, else the header field (RFC 2132 §9.5).
  std::string filename() const {
    if (auto name = find(67)) {
      std::string text{text_of(*name)};
      return text.substr(0, text.find('\0'));
    }
    return file;
  }
};

/// What an interface uses, from DHCP or set by a script.
struct IpConfig {
  Ipv4 address, netmask, gateway;
  std::vector<Ipv4> dns;
  std::string domain;
  std::optional<uint16_t> mtu;
};

/// One network interface, "net0" upwards.
class Interface {
 public:
  virtual ~Interface() = default;
  virtual std::string_view name() const = 0;       ///< "net0"
  virtual Nic& nic() = 0;
  virtual std::string_view bus() const = 0;        ///< "PCI"
  virtual uint32_t bus_location() const = 0;       ///< setting `busloc`: seg << 16 | bus << 8 | devfn
  virtual uint16_t pci_vendor() const = 0;
  virtual uint16_t pci_device() const = 0;
  /// Of an interface for a VLAN: the one that its frames travel over, and with which it closes.
  virtual const Interface* trunk() const { return nullptr; }

  virtual bool is_open() const = 0;
  virtual Status open() = 0;                       ///< errors as Nic::open
  virtual void close() = 0;                        ///< forgets the address as well

  /// Sets or clears (all zero) the address by hand. Errors: Invalid.
  virtual Status configure(const IpConfig& config) = 0;
  virtual const IpConfig& config() const = 0;
  virtual const std::optional<DhcpReply>& dhcp_reply() const = 0;      ///< last DHCPACK
  virtual const std::optional<DhcpReply>& proxy_reply() const = 0;     ///< ProxyDHCP answer, if any
  /// Which of several ProxyDHCP servers is used, and why, for people; empty: there was one at most.
  virtual std::string_view proxy_contest() const { return {}; }
  /// The answer of the PXE boot server that start_boot_server() found last.
  virtual const std::optional<DhcpReply>& boot_server_reply() const {
    static const std::optional<DhcpReply> kNone;
    return kNone;
  }
  /// While open, `watcher` sees each frame that arrives (Ethernet header onwards) before the stack
  /// does, and keeps it from the stack by returning true. Empty: nobody watches.
  virtual void watch(const std::function<bool(Bytes frame)>& /*watcher*/) {}
};

/// A host on the wire whose hardware address is known.
struct Neighbour {
  std::string_view interface;  ///< "net0"; valid while the interface is
  Ipv4 address;
  Mac mac;
};

/// What the script may change about the DHCP request (settings by the same names).
struct DhcpSettings {
  std::string user_class = "iPXE";    ///< option 77, without length byte
  std::string vendor_class;           ///< option 60; empty: PXEClient:Arch:...
  bool send_identity = true;          ///< option 224 "Hawser <version>"
  std::optional<std::vector<uint8_t>> uuid;  ///< 16 bytes as SMBIOS stores them, for option 97
  uint16_t architecture = 0;          ///< option 93 (RFC 4578 §2.1): 0 BIOS, 7 x86-64 UEFI
};

/// A DHCP exchange under way on one interface; polled by the loop. Destroying it cancels it.
class DhcpTask {
 public:
  virtual ~DhcpTask() = default;
  virtual bool done() const = 0;
  virtual Status outcome() const = 0;
  /// "discovering", "requesting 10.0.2.15 from 10.0.2.2": for the progress line.
  virtual std::string note() const = 0;
};

/// Something to ask another machine.
struct HostQuestion {
  enum class Kind : uint8_t { Address, Echo, Time };  ///< DNS; ICMP; SNTP (RFC 4330)
  Kind kind = Kind::Address;
  std::string host = {};  ///< name or address
  size_t bytes = 0;       ///< data of an echo request, at most 65000
  uint16_t sequence = 0;
  Millis timeout{0};      ///< for the reply to an echo request; the others have limits of their own
};
struct HostAnswer {
  Ipv4 address;
  int64_t unix_s = 0;  ///< with Kind::Time
};

/// A question under way; polled by the loop. Destroying it drops the question.
class HostQuery {
 public:
  virtual ~HostQuery() = default;
  virtual bool done() const = 0;
  /// Only when done(). Errors: NotConnected (no interface has an address), TimedOut, Protocol, and
  /// those of DNS.
  virtual Result<HostAnswer> outcome() const = 0;
};

/// A UDP port of ours, on all interfaces. Destroying it closes it.
class UdpPort {
 public:
  virtual ~UdpPort() = default;
  struct Datagram {
    Ipv4 from, to;
    uint16_t from_port = 0;
    std::vector<uint8_t> data;
  };
  /// Errors: Unreachable, NoMemory.
  virtual Status send(Ipv4 to, uint16_t port, Bytes data) = 0;
  /// What came first, or nothing. Beyond some dozens, datagrams that nobody has taken are dropped.
  virtual std::optional<Datagram> receive() = 0;
};

/// How HTTP and HTTPS go about it; settings of the same names.
struct HttpSettings {
  std::string proxy;     ///< "http://[user:password@]host:port" for all servers; empty: none
  std::string no_proxy;  ///< but for those in this list: names, with all below them, and addresses
  bool insecure_redirects = false;  ///< follows redirects from https to http
  unsigned connections = 4;         ///< at most, for one large file of a far server; 1 to 8
};

/// A certificate that HTTPS has at hand besides those that servers send.
struct KnownCertificate {
  std::string name;           ///< its common name as it is, not for printing
  std::vector<uint8_t> sha1;  ///< fingerprint
  bool permanent = false;     ///< was packed into the artifact, or is our own
  bool by_user = false;       ///< stored by the user, or else fetched because a server did not send it
  bool is_root = false;       ///< is trusted
};

class Network {
 public:
  virtual ~Network() = default;
  virtual const std::vector<Interface*>& interfaces() = 0;   ///< in probe order, then VLANs
  virtual Interface* find(std::string_view name) = 0;        ///< "net0"; "netX": last opened
  virtual Interface* last_opened() = 0;
  /// Starts DHCP on an open interface with link. On success the interface is configured and its
  /// dhcp_reply() set before done() turns true.
  virtual std::unique_ptr<DhcpTask> start_dhcp(Interface& interface,
                                               const DhcpSettings& settings) = 0;
  /// Looks for a PXE boot server of a type, as the PXE options of the interface's lease say; done when
  /// boot_server_reply() is there, or nobody answered.
  virtual std::unique_ptr<DhcpTask> start_boot_server(Interface&, uint16_t, const DhcpSettings&) {
    return nullptr;
  }
  /// DNS servers and search domain for all names, replacing those of the leases.
  virtual void set_dns(const std::vector<Ipv4>& servers, std::string_view domain) = 0;
  /// Certificates that HTTPS trusts, by their SHA-256, 32 bytes each, instead of the built-in roots;
  /// empty: these again.
  virtual void set_trust(Bytes) {}
  /// Certificates (DER, one after another) that HTTPS trusts instead of the built-in roots, unless
  /// set_trust() names others; empty: the built-in roots. Copied; read when HTTPS is used first.
  virtual void set_roots(Bytes) {}
  /// Who we are for HTTPS servers that ask: the client certificate and those above it (DER, one after
  /// another), and its key (DER). Copied; both empty: nobody.
  virtual void set_identity(Bytes, Bytes) {}
  /// Holds from the next download on. Errors: Invalid (the proxy is no such URI, or the connections
  /// are too few or many); then nothing changes.
  virtual Status set_http(const HttpSettings&) { return ok_status(); }
  /// Checks that `signature` (detached CMS, RFC 5652; DER or PEM) is one of `data`, by somebody whom
  /// HTTPS's roots trust to sign code; unless empty, `signer` is the common name that is wanted.
  /// Errors: Access (it is not, with the reason), Invalid, Range (malformed), Unsupported, NoMemory.
  virtual Status check_signature(Bytes, Bytes, std::string_view) {
    return Error{Errc::Unsupported, "this network checks no signatures"};
  }
  /// Where HTTPS looks first for certificates that servers do not send: a URI that
  /// "/<hash>.der?subject=..." is added to. Empty: only where certificates themselves say.
  virtual void set_crosscert(std::string_view) {}
  /// Errors: Unsupported (no HTTPS), Invalid (what was packed or set).
  virtual Result<std::vector<KnownCertificate>> certificates() { return no_certificates(); }
  /// Stores the certificates of a file (PEM, DER), or those with this common name. The self-signed
  /// ones become roots unless some were packed or named by set_trust(); the others complete the chains of
  /// servers. Errors: NotFound (none has the name), Invalid, NoSpace.
  virtual Status store_certificates(Bytes, std::string_view) { return no_certificates(); }
  /// Forgets those with this common name, or all: how many there were. Errors: as certificates().
  virtual Result<size_t> forget_certificates(std::string_view) { return no_certificates(); }
  static Error no_certificates() {
    return {Errc::Unsupported, "there is no HTTPS, so there are no certificates"};
  }
  virtual std::unique_ptr<HostQuery> ask(const HostQuestion& question) = 0;
  /// Errors: AddressNotAvailable (somebody has the port), NoMemory.
  virtual Result<std::unique_ptr<UdpPort>> open_udp(uint16_t) {
    return Error{Errc::Unsupported, "this network has no UDP ports"};
  }
  /// Makes the interface "net0-100" for VLAN 100 over `trunk`, or changes the priority of its
  /// frames (0 to 7). VLAN 0, else 1 to 4094: a priority without a VLAN.
  /// Errors: Invalid (the trunk is for a VLAN itself), Unsupported (its driver carries none).
  virtual Result<Interface*> create_vlan(Interface&, uint16_t, uint8_t) {
    return Error{Errc::Unsupported, "this network has no VLANs"};
  }
  /// Closes and removes such an interface. Errors: Invalid (it is none).
  virtual Status destroy_vlan(Interface&) {
    return Error{Errc::Unsupported, "this network has no VLANs"};
  }
  virtual std::vector<Neighbour> neighbours() { return {}; }
  virtual Fetcher& fetcher() = 0;
  virtual Pollable& pollable() = 0;
  /// Closes the cards for somebody else to use, with addresses and leases kept.
  virtual void pause() {}
  /// Opens them again. An interface whose card does not open is closed. Errors: as Nic::open.
  virtual Status resume() { return ok_status(); }
  /// Everything off, NICs closed: right before hand-over, reboot or exit.
  virtual void shut_down() = 0;
};

}  // namespace hawser
