// DHCP messages as bytes: reading answers and writing requests (RFC 2131 §2, RFC 2132, RFC 3396).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/address.h"
#include "src/base/bytes.h"
#include "src/network.h"

namespace hawser::dhcp {

inline constexpr uint16_t kServerPort = 67, kClientPort = 68;
inline constexpr uint16_t kPxePort = 4011;  ///< ProxyDHCP and boot servers (PXE 2.1 §2.2)
inline constexpr Ipv4 kBroadcast{{255, 255, 255, 255}};

/// Option 53 (RFC 2132 §9.6).
enum class Type : uint8_t {
  Bootp = 0,  ///< option 53 is absent: a BOOTP answer
  Discover = 1,
  Offer = 2,
  Request = 3,
  Decline = 4,
  Ack = 5,
  Nak = 6,
};

/// Option codes (RFC 2132 unless another is named).
namespace option {
inline constexpr uint8_t kPad = 0, kSubnetMask = 1, kRouter = 3, kDns = 6, kDomain = 15,
                         kRootPath = 17, kMtu = 26, kVendorInfo = 43, kRequestedAddress = 50,
                         kLeaseTime = 51, kOverload = 52, kType = 53, kServerId = 54,
                         kParameterList = 55, kMessage = 56, kMaxSize = 57, kVendorClass = 60,
                         kClientId = 61, kServerName = 66, kBootFile = 67, kUserClass = 77,
                         kArchitecture = 93,  // RFC 4578 §2.1
    kNdi = 94,                                // RFC 4578 §2.2
    kUuid = 97,                               // RFC 4578 §2.3
    kIpxe = 175,                              // encapsulated options of iPXE
    kHawser = 224,                            // private use (RFC 3942): "Hawser <version>"
    kEnd = 255;
}  // namespace option

/// Sub-options of option 43 in PXE answers (PXE 2.1 §2.2).
namespace pxe {
inline constexpr uint8_t kDiscoveryControl = 6, kMulticast = 7, kBootServers = 8, kBootMenu = 9,
                         kMenuPrompt = 10, kBootItem = 71;
}

/// Sub-options of option 175.
namespace ipxe {
inline constexpr uint8_t kPriority = 1, kScriptlet = 81, kNoPxeDhcp = 176, kBus = 177,
                         kVersion = 235;
}

/// A BOOTREPLY, checked for shape only.
struct Answer {
  Type type = Type::Bootp;
  uint32_t xid = 0;
  Mac chaddr;
  DhcpReply reply;

  /// Option 54, or nothing.
  std::optional<Ipv4> server_id() const;
};

/// Reads an answer. Options are joined over their parts and over the `file` and `sname` fields if
/// option 52 says so (RFC 3396 §5 and §7). An option that runs past its field ends that field;
/// what came before it counts. Nothing when it is no BOOTREPLY for Ethernet or is cut short.
std::optional<Answer> parse_answer(Bytes packet);

/// The value of a sub-option in an encapsulated option (43, 175), its first occurrence.
std::optional<Bytes> sub_option(std::optional<Bytes> option, uint8_t code);
/// An address or 32-bit number option of at least 4 bytes.
std::optional<Ipv4> address_option(const DhcpReply& reply, uint8_t code);
std::optional<uint32_t> number_option(const DhcpReply& reply, uint8_t code);
/// A string option, up to its first NUL.
std::string text_option(const DhcpReply& reply, uint8_t code);

/// What an interface takes from a lease. A missing or impossible mask gives that of the address's
/// class; an MTU below 68 (RFC 791) is left out.
IpConfig config_of(const DhcpReply& reply);

/// A request under construction: fixed fields, then options in the order of the calls.
class RequestWriter {
 public:
  struct Header {
    uint32_t xid = 0;
    uint16_t secs = 0;
    bool broadcast = false;  ///< ask for answers by broadcast
    Ipv4 ciaddr;
    Mac chaddr;
  };
  RequestWriter(const Header& header, Type type);

  /// `value` of at most 255 bytes; the rest of a longer one is cut off.
  void add(uint8_t code, Bytes value);
  void add(uint8_t code, std::string_view text) { add(code, bytes_of(text)); }
  void add(uint8_t code, Ipv4 address) { add(code, Bytes{address.bytes}); }

  /// Ends the options and pads to the 300 bytes that BOOTP relays may insist on (RFC 1542 §2.1).
  std::vector<uint8_t> finish();

 private:
  std::vector<uint8_t> packet_;
};

}  // namespace hawser::dhcp
