#include "net/dhcp/message.h"

#include <algorithm>

namespace hawser::dhcp {
namespace {

// RFC 2131 §2, figure 1.
constexpr size_t kOpAt = 0, kHardwareTypeAt = 1, kHardwareLengthAt = 2, kXidAt = 4, kSecsAt = 8,
                 kFlagsAt = 10, kCiaddrAt = 12, kYiaddrAt = 16, kSiaddrAt = 20, kChaddrAt = 28,
                 kSnameAt = 44, kSnameBytes = 64, kFileAt = 108, kFileBytes = 128, kCookieAt = 236,
                 kOptionsAt = 240;
constexpr uint8_t kBootRequest = 1, kBootReply = 2;
constexpr uint8_t kEthernet = 1, kMacBytes = 6;
constexpr uint16_t kBroadcastFlag = 0x8000;
constexpr uint32_t kMagicCookie = 0x63825363;
constexpr size_t kLeastBytes = 300;
constexpr uint8_t kFileHoldsOptions = 1, kSnameHoldsOptions = 2;  // RFC 2132 §9.3

Ipv4 address_at(Bytes bytes, size_t at) {
  Ipv4 address;
  std::copy_n(bytes.begin() + at, 4, address.bytes.begin());
  return address;
}

std::string text_until_nul(Bytes bytes) {
  std::string_view text = text_of(bytes);
  return std::string(text.substr(0, text.find('\0')));
}

/// Appends the options of one field to `options`, joining those that are there already.
void collect_options(Bytes field, std::vector<DhcpOption>& options) {
  size_t at = 0;
  while (at < field.size()) {
    uint8_t code = field[at++];
    if (code == option::kPad) continue;
    if (code == option::kEnd || at >= field.size()) return;
    uint8_t length = field[at++];
    auto value = slice(field, at, length);
    if (!value) return;
    at += length;
    auto known =
        std::ranges::find_if(options, [code](const DhcpOption& o) { return o.code == code; });
    if (known == options.end()) known = options.insert(options.end(), DhcpOption{code, {}});
    known->value.insert(known->value.end(), value->begin(), value->end());
  }
}

bool contiguous(Ipv4 mask) {
  uint32_t host_bits = ~mask.host_order();
  return mask != Ipv4{} && (host_bits & (host_bits + 1)) == 0;
}

/// The mask of an address's class (RFC 791 §2.3), for servers that send none.
Ipv4 class_mask(Ipv4 address) {
  if (address.bytes[0] < 128) return {{255, 0, 0, 0}};
  if (address.bytes[0] < 192) return {{255, 255, 0, 0}};
  return {{255, 255, 255, 0}};
}

}  // namespace

std::optional<Ipv4> Answer::server_id() const { return address_option(reply, option::kServerId); }

std::optional<Answer> parse_answer(Bytes packet) {
  if (packet.size() < kCookieAt) return std::nullopt;
  if (packet[kOpAt] != kBootReply || packet[kHardwareTypeAt] != kEthernet ||
      packet[kHardwareLengthAt] != kMacBytes)
    return std::nullopt;

  Answer answer;
  answer.xid = *read_be<uint32_t>(packet, kXidAt);
  std::copy_n(packet.begin() + kChaddrAt, kMacBytes, answer.chaddr.bytes.begin());
  DhcpReply& reply = answer.reply;
  reply.yiaddr = address_at(packet, kYiaddrAt);
  reply.siaddr = address_at(packet, kSiaddrAt);

  Bytes file = packet.subspan(kFileAt, kFileBytes), sname = packet.subspan(kSnameAt, kSnameBytes);
  uint8_t overload = 0;
  if (read_be<uint32_t>(packet, kCookieAt) == kMagicCookie) {
    collect_options(packet.subspan(kOptionsAt), reply.options);
    if (auto value = reply.find(option::kOverload); value && !value->empty())
      overload = value->front();
    if (overload & kFileHoldsOptions) collect_options(file, reply.options);
    if (overload & kSnameHoldsOptions) collect_options(sname, reply.options);
  }
  if (!(overload & kFileHoldsOptions)) reply.file = text_until_nul(file);
  if (!(overload & kSnameHoldsOptions)) reply.sname = text_until_nul(sname);
  if (auto type = reply.find(option::kType); type && !type->empty())
    answer.type = Type(type->front());
  return answer;
}

std::optional<Bytes> sub_option(std::optional<Bytes> option, uint8_t code) {
  if (!option) return std::nullopt;
  size_t at = 0;
  while (at < option->size()) {
    uint8_t found = (*option)[at++];
    if (found == option::kPad) continue;
    if (found == option::kEnd || at >= option->size()) return std::nullopt;
    uint8_t length = (*option)[at++];
    auto value = slice(*option, at, length);
    if (!value || found == code) return value;
    at += length;
  }
  return std::nullopt;
}

std::optional<Ipv4> address_option(const DhcpReply& reply, uint8_t code) {
  auto value = reply.find(code);
  if (!value || value->size() < 4) return std::nullopt;
  return address_at(*value, 0);
}

std::optional<uint32_t> number_option(const DhcpReply& reply, uint8_t code) {
  auto value = reply.find(code);
  return value ? read_be<uint32_t>(*value, 0) : std::nullopt;
}

std::string text_option(const DhcpReply& reply, uint8_t code) {
  auto value = reply.find(code);
  return value ? text_until_nul(*value) : std::string{};
}

IpConfig config_of(const DhcpReply& reply) {
  IpConfig config;
  config.address = reply.yiaddr;
  auto mask = address_option(reply, option::kSubnetMask);
  config.netmask = mask && contiguous(*mask) ? *mask : class_mask(reply.yiaddr);
  config.gateway = address_option(reply, option::kRouter).value_or(Ipv4{});
  if (auto servers = reply.find(option::kDns))
    for (size_t at = 0; fits(at, 4, servers->size()); at += 4)
      config.dns.push_back(address_at(*servers, at));
  config.domain = text_option(reply, option::kDomain);
  if (auto value = reply.find(option::kMtu))
    if (auto mtu = read_be<uint16_t>(*value, 0); mtu && *mtu >= 68) config.mtu = *mtu;
  return config;
}

RequestWriter::RequestWriter(const Header& header, Type type) : packet_(kOptionsAt) {
  packet_[kOpAt] = kBootRequest;
  packet_[kHardwareTypeAt] = kEthernet;
  packet_[kHardwareLengthAt] = kMacBytes;
  write_be(&packet_[kXidAt], header.xid);
  write_be(&packet_[kSecsAt], header.secs);
  write_be(&packet_[kFlagsAt], header.broadcast ? kBroadcastFlag : uint16_t{0});
  std::copy(header.ciaddr.bytes.begin(), header.ciaddr.bytes.end(), packet_.begin() + kCiaddrAt);
  std::copy(header.chaddr.bytes.begin(), header.chaddr.bytes.end(), packet_.begin() + kChaddrAt);
  write_be(&packet_[kCookieAt], kMagicCookie);
  uint8_t type_byte = uint8_t(type);
  add(option::kType, Bytes{&type_byte, 1});
}

void RequestWriter::add(uint8_t code, Bytes value) {
  value = value.first(std::min<size_t>(value.size(), 255));
  packet_.push_back(code);
  packet_.push_back(uint8_t(value.size()));
  packet_.insert(packet_.end(), value.begin(), value.end());
}

std::vector<uint8_t> RequestWriter::finish() {
  packet_.push_back(option::kEnd);
  if (packet_.size() < kLeastBytes) packet_.resize(kLeastBytes);
  return std::move(packet_);
}

}  // namespace hawser::dhcp
