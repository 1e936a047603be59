// A DHCP client's surroundings for tests: packets it sent, and answers as servers write them.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/dhcp/client.h"

namespace hawser::fakes {

inline constexpr Mac kClientMac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
inline constexpr Ipv4 kServer{{10, 0, 2, 2}}, kOtherServer{{10, 0, 2, 3}}, kLeased{{10, 0, 2, 15}};

/// Writes a BOOTREPLY byte by byte, independently of the code under test.
struct Reply {
  uint32_t xid = 0;
  Mac chaddr = kClientMac;
  Ipv4 yiaddr, siaddr;
  std::string sname, file;
  std::vector<uint8_t> options;

  Reply& option(uint8_t code, std::string_view value) {
    options.push_back(code);
    options.push_back(uint8_t(value.size()));
    options.insert(options.end(), value.begin(), value.end());
    return *this;
  }
  Reply& option(uint8_t code, std::initializer_list<uint8_t> value) {
    options.push_back(code);
    options.push_back(uint8_t(value.size()));
    options.insert(options.end(), value);
    return *this;
  }
  Reply& option(uint8_t code, Ipv4 value) {
    return option(code, {value.bytes[0], value.bytes[1], value.bytes[2], value.bytes[3]});
  }
  std::vector<uint8_t> bytes() const {
    std::vector<uint8_t> packet(240);
    packet[0] = 2, packet[1] = 1, packet[2] = 6;
    for (int i = 0; i < 4; ++i) packet[4 + i] = uint8_t(xid >> (24 - 8 * i));
    std::copy(yiaddr.bytes.begin(), yiaddr.bytes.end(), packet.begin() + 16);
    std::copy(siaddr.bytes.begin(), siaddr.bytes.end(), packet.begin() + 20);
    std::copy(chaddr.bytes.begin(), chaddr.bytes.end(), packet.begin() + 28);
    std::copy(sname.begin(), sname.end(), packet.begin() + 44);
    std::copy(file.begin(), file.end(), packet.begin() + 108);
    packet[236] = 99, packet[237] = 130, packet[238] = 83, packet[239] = 99;
    packet.insert(packet.end(), options.begin(), options.end());
    packet.push_back(255);
    return packet;
  }
};

/// A packet that the client sent, taken apart without the code under test.
struct Sent {
  std::vector<uint8_t> bytes;
  Ipv4 to;
  uint16_t port = 0;

  uint32_t xid() const {
    return uint32_t{bytes[4]} << 24 | uint32_t{bytes[5]} << 16 | uint32_t{bytes[6]} << 8 | bytes[7];
  }
  uint16_t secs() const { return uint16_t(bytes[8] << 8 | bytes[9]); }
  std::vector<std::pair<int, std::string>> options() const {
    std::vector<std::pair<int, std::string>> found;
    for (size_t at = 240; at < bytes.size() && bytes[at] != 255; at += 2u + bytes[at + 1])
      found.push_back(
          {bytes[at], std::string(bytes.begin() + at + 2, bytes.begin() + at + 2 + bytes[at + 1])});
    return found;
  }
  std::string option(int code) const {
    for (auto& [found, value] : options())
      if (found == code) return value;
    return "(absent)";
  }
  int type() const { return uint8_t(option(53)[0]); }
};

struct DhcpWire : dhcp::Carrier {
  std::vector<Sent> sent;
  std::vector<DhcpReply> bound_to;

  void send(Bytes packet, Ipv4 to, uint16_t port) override {
    sent.push_back({{packet.begin(), packet.end()}, to, port});
  }
  void bound(const DhcpReply& ack) override { bound_to.push_back(ack); }

  Reply reply(int type, Ipv4 server = kServer) const {
    Reply reply;
    reply.xid = sent.back().xid();
    reply.option(53, {uint8_t(type)}).option(54, server);
    return reply;
  }
  Reply offer(std::string_view file = "boot.ipxe", Ipv4 server = kServer, Ipv4 address = kLeased) {
    Reply offer = reply(2, server);
    offer.yiaddr = address;
    offer.siaddr = server;
    offer.file = file;
    return offer;
  }
  Reply ack(std::string_view file = "boot.ipxe", Ipv4 server = kServer, Ipv4 address = kLeased) {
    Reply ack = reply(5, server);
    ack.yiaddr = address;
    ack.siaddr = server;
    ack.file = file;
    return ack;
  }
  /// Neither address nor file: "I know about PXE, ask me on port 4011".
  Reply proxy_offer(std::string_view file = "", Ipv4 server = kOtherServer) {
    Reply offer = reply(2, server);
    offer.option(60, "PXEClient");
    offer.siaddr = server;
    offer.file = file;
    return offer;
  }
};

inline dhcp::ClientSettings client_settings() {
  dhcp::ClientSettings settings;
  settings.mac = kClientMac;
  settings.vendor = 0x8086;
  settings.device = 0x100e;
  settings.xid = 0x12345678;
  return settings;
}

}  // namespace hawser::fakes
