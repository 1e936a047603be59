#include "src/pxe_api/packets.h"

#include <algorithm>

#include "src/base/format.h"

namespace hawser::pxe_api {
namespace {

// RFC 2131 §2, figure 1.
constexpr size_t kXidAt = 4, kYiaddrAt = 16, kSiaddrAt = 20, kChaddrAt = 28, kFileAt = 108,
                 kFileBytes = 128, kCookieAt = 236, kOptionsAt = 240;
constexpr uint8_t kRequest = 1, kReply = 2, kEthernet = 1, kMacBytes = 6;
constexpr uint32_t kMagicCookie = 0x63825363;
constexpr uint8_t kFileOption = 67, kTypeOption = 53, kOverload = 52, kEnd = 255;
constexpr uint8_t kDiscover = 1, kAck = 5;
constexpr size_t kMostBytes = 1472;  ///< what we tell servers to send at most

class Writer {
 public:
  Writer(uint8_t operation, uint8_t type, const Mac& mac) : packet_(kOptionsAt) {
    packet_[0] = operation;
    packet_[1] = kEthernet;
    packet_[2] = kMacBytes;
    std::copy_n(mac.bytes.end() - 4, 4, packet_.begin() + kXidAt);
    std::copy(mac.bytes.begin(), mac.bytes.end(), packet_.begin() + kChaddrAt);
    write_be(&packet_[kCookieAt], kMagicCookie);
    option(kTypeOption, Bytes{&type, 1});
  }
  void address(size_t at, Ipv4 address) {
    std::copy(address.bytes.begin(), address.bytes.end(), packet_.begin() + ptrdiff_t(at));
  }
  void file(std::string_view name) {
    name = name.substr(0, kFileBytes - 1);
    std::fill_n(packet_.begin() + kFileAt, kFileBytes, uint8_t{0});
    std::copy(name.begin(), name.end(), packet_.begin() + kFileAt);
  }
  /// Options that no longer fit are left out.
  void option(uint8_t code, Bytes value) {
    size_t parts = value.size() / 255 + 1;
    if (value.size() + parts * 2 + 1 > kMostBytes - packet_.size()) return;
    do {  // RFC 3396 §5
      Bytes part = value.first(std::min<size_t>(value.size(), 255));
      value = value.subspan(part.size());
      packet_.insert(packet_.end(), {code, uint8_t(part.size())});
      packet_.insert(packet_.end(), part.begin(), part.end());
    } while (!value.empty());
  }
  std::vector<uint8_t> finish() {
    packet_.push_back(kEnd);
    return std::move(packet_);
  }

 private:
  std::vector<uint8_t> packet_;
};

/// A setting of this interface, else one that holds for all.
Result<Settings::Found> lookup(const Settings& settings, const std::string& block,
                               std::string_view name) {
  auto own = settings.find(cat(block, '/', name));
  return own.ok() ? std::move(own) : settings.find(name);
}

Ipv4 address(const Settings& settings, const std::string& block, std::string_view name) {
  auto own = settings.ipv4(cat(block, '/', name));
  return own ? *own : settings.ipv4(name).value_or(Ipv4{});
}

}  // namespace

Packets make_packets(const Settings& settings, Interface& interface,
                     const std::optional<Uri>& program) {
  std::string block(interface.name());
  Mac mac = interface.nic().mac();
  auto answer = [&](const std::optional<DhcpReply>& proxy) {
    Writer writer(kReply, kAck, mac);
    writer.address(kYiaddrAt, address(settings, block, "ip"));
    writer.address(kSiaddrAt, address(settings, block, "next-server"));
    auto name = lookup(settings, block, "filename");
    if (name.ok()) writer.file(text_of(name->bytes));
    if (proxy) {
      if (!proxy->siaddr.any()) writer.address(kSiaddrAt, proxy->siaddr);
      if (!proxy->filename().empty()) writer.file(proxy->filename());
    }
    auto server = program && program->scheme == "tftp" ? parse_ipv4(program->host) : std::nullopt;
    if (server) {
      std::string path = percent_decode(program->path);
      writer.address(kSiaddrAt, *server);
      writer.file(std::string_view(path).substr(path.starts_with('/')));
    }
    for (int code = 1; code < kEnd; ++code) {
      if (code == kTypeOption || code == kOverload || code == kFileOption) continue;
      auto extra = proxy ? proxy->find(uint8_t(code)) : std::nullopt;
      if (extra) {
        writer.option(uint8_t(code), *extra);
        continue;
      }
      auto found = lookup(settings, block, decimal(uint64_t(code)));
      if (found.ok()) writer.option(uint8_t(code), found->bytes);
    }
    return writer.finish();
  };
  Packets packets;
  packets.discover = Writer(kRequest, kDiscover, mac).finish();
  packets.ack = answer(std::nullopt);
  packets.reply = interface.proxy_reply() ? answer(interface.proxy_reply()) : packets.ack;
  return packets;
}

}  // namespace hawser::pxe_api
