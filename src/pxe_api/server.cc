#include "src/pxe_api/server.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "src/base/format.h"
#include "src/pxe_api/block.h"
#include "src/pxe_api/packets.h"

namespace hawser::pxe_api {
namespace {

// The shared memory: three packets, then one frame.
constexpr size_t kPacketBytes = 1504, kFrameAt = 3 * kPacketBytes, kFrameBytes = 1536;
constexpr uint16_t kLeastTftpPacket = 512, kMostTftpPacket = 1456;
constexpr size_t kMostDatagram = 8192;
constexpr size_t kMostPorts = 16;
constexpr uint16_t kDefaultSourcePort = 2069;  // §3.4.3
constexpr size_t kReadAtOnce = 16384;

Ipv4 address_of(const uint8_t (&bytes)[4]) { return {{bytes[0], bytes[1], bytes[2], bytes[3]}}; }
void put_address(uint8_t (&to)[4], Ipv4 address) {
  std::copy(address.bytes.begin(), address.bytes.end(), to);
}

/// A file's name of the PXE API: on a TFTP server, or a whole URI. `port` is in network order.
Result<Uri> uri_of(const char (&name)[kFileNameBytes], const uint8_t (&server)[4], uint16_t port) {
  std::string_view text(name, strnlen(name, sizeof name));
  if (text.empty()) return Error{Errc::Invalid, "no file name"};
  if (text.find("://") != text.npos) return parse_uri(percent_encode(text));
  Uri uri;
  uri.scheme = "tftp";
  uri.host = to_string(address_of(server));
  if (port) uri.port = byte_swap(port);
  uri.path = "/";
  for (char c : text) {
    if (c == '%' || c == '?' || c == '#') uri.path += cat('%', hex(uint8_t(c), 2));
    else uri.path += c;
  }
  uri.path = percent_encode(uri.path);
  return uri;
}

}  // namespace

Server::Server(Loop& loop, Network& network, Interface& interface, Packets packets,
               std::string command_line, std::optional<Uri> base)
    : loop_(loop),
      network_(network),
      interface_(interface),
      packets_(std::move(packets)),
      command_line_(std::move(command_line)),
      frames_(loop, network, interface),
      files_(loop, network.fetcher(), std::move(base)) {}

uint16_t Server::call(uint16_t function, uint32_t at, ProgramMemory& memory) {
  Code code = function <= function::kStopUndi ? undi(function, at, memory)
              : function >= function::kFileOpen ? extension(function, at, memory)
                                                : base(function, at, memory);
  return code == Code::Success ? kSuccess : kFailure;
}

// --- UNDI (§4) -----------------------------------------------------------------------------------

Code Server::undi(uint16_t number, uint32_t at, ProgramMemory& memory) {
  using namespace function;
  switch (number) {
    case kUndiOpen:
      return with<undi::OpenParameters>(memory, at, [&](auto& block) {
        return frames_.open(block.packet_filter).ok() ? Code::Success : Code::Failure;
      });
    case kUndiClose:
    case kUndiShutdown:
      frames_.close();
      return with_status(memory, at, Code::Success);
    case kUndiTransmit:
      return with<undi::TransmitParameters>(
          memory, at, [&](auto& block) { return frames_.transmit(block, memory); });
    case kUndiSetPacketFilter:
      return with<FilterParameters>(memory, at, [&](auto& block) {
        frames_.set_filter(block.filter);
        return Code::Success;
      });
    case kUndiGetInformation:
      return with<undi::InformationParameters>(memory, at,
                                               [&](auto& block) { return information(block); });
    case kUndiGetStatistics:
      return with<StatisticsParameters>(memory, at, [&](auto& block) { return statistics(block); });
    case kUndiGetMulticast:
      return with<MulticastParameters>(memory, at, [](auto& block) {
        const uint8_t mac[] = {0x01, 0x00, 0x5e, uint8_t(block.address[1] & 0x7f),  // RFC 1112 §6.4
                               block.address[2], block.address[3]};
        std::copy(std::begin(mac), std::end(mac), block.mac);
        return Code::Success;
      });
    case kUndiGetNicType:
      return with<undi::NicTypeParameters>(memory, at, [&](auto& block) { return nic_type(block); });
    case kUndiGetInterface:
      return with<InterfaceParameters>(memory, at,
                                       [&](auto& block) { return interface_info(block); });
    case kUndiIsr:
      return with<undi::IsrParameters>(memory, at, [&](auto& block) {
        ProgramMemory::Area area = memory.shared();
        frames_.serve_interrupt(
            block, {area.at + uint32_t(kFrameAt), area.bytes.subspan(kFrameAt, kFrameBytes)});
        return Code::Success;
      });
    case kStopUndi:
      return with_status(memory, at, stop_undi());
    case kStartUndi:
    case kUndiStartup:
    case kUndiCleanup:
    case kUndiInitialize:
    case kUndiReset:
    case kUndiClearStatistics:
    case kUndiSetMulticast:
      return with_status(memory, at, Code::Success);
    default:
      return with_status(memory, at, Code::Unsupported);
  }
}

/// After UNLOAD_STACK it means that nothing of the API is needed any more.
Code Server::stop_undi() {
  if (!unloaded_) return Code::Success;
  network_.shut_down();
  released_ = true;
  return Code::Success;
}

Code Server::information(undi::InformationParameters& block) {
  constexpr uint16_t kBuffers = 8;
  block = {};
  block.mtu = uint16_t(interface_.nic().mtu());
  block.hardware_type = undi::InformationParameters::kEthernet;
  block.address_bytes = 6;
  Mac current = interface_.nic().mac(), permanent = interface_.nic().permanent_mac();
  std::copy(current.bytes.begin(), current.bytes.end(), block.current_address);
  std::copy(permanent.bytes.begin(), permanent.bytes.end(), block.permanent_address);
  block.receive_buffers = block.transmit_buffers = kBuffers;
  return Code::Success;  // no interrupt: programs poll
}

Code Server::nic_type(undi::NicTypeParameters& block) {
  constexpr uint8_t kNetworkCard = 2;
  constexpr uint16_t kUnknown = 0xffff;
  block = {};
  block.type = undi::NicTypeParameters::kPci;
  block.vendor = interface_.pci_vendor();
  block.device = interface_.pci_device();
  block.base_class = kNetworkCard;
  block.location = uint16_t(interface_.bus_location());
  block.sub_vendor = block.sub_device = kUnknown;
  return Code::Success;
}

Code Server::interface_info(InterfaceParameters& block) {
  constexpr std::string_view kType = "DIX+802.3";
  block = {};
  std::copy(kType.begin(), kType.end(), block.type);
  block.bits_per_second = 1'000'000'000;
  block.services = InterfaceParameters::kBroadcast | InterfaceParameters::kMulticast |
                   InterfaceParameters::kStatistics | InterfaceParameters::kOpenClose;
  return Code::Success;
}

Code Server::statistics(StatisticsParameters& block) {
  const NicCounters& counters = interface_.nic().counters();
  block.sent = uint32_t(counters.tx_frames);
  block.received = uint32_t(counters.rx_frames);
  block.received_with_error = uint32_t(counters.rx_errors);
  block.dropped = uint32_t(counters.rx_missed);
  return Code::Success;
}

// --- base code (§3) ------------------------------------------------------------------------------

Code Server::base(uint16_t number, uint32_t at, ProgramMemory& memory) {
  using namespace function;
  Frames::ForStack for_stack(frames_);
  switch (number) {
    case kTftpOpen:
      return with<TftpOpenParameters>(memory, at, [&](auto& block) { return tftp_open(block); });
    case kTftpRead:
      return with<TftpReadParameters>(memory, at,
                                      [&](auto& block) { return tftp_read(block, memory); });
    case kTftpClose: {
      Code code = file_ ? Code::Success : Code::TftpClosed;
      file_.reset();
      return with_status(memory, at, code);
    }
    case kTftpReadFile:
      return with<TftpReadFileParameters>(
          memory, at, [&](auto& block) { return tftp_read_file(block, memory); });
    case kTftpGetSize:
      return with<TftpSizeParameters>(memory, at, [&](auto& block) { return tftp_size(block); });
    case kUdpOpen:
      return with<UdpOpenParameters>(memory, at, [&](auto&) { return udp_open(); });
    case kUdpClose: {
      Code code = udp_open_ ? Code::Success : Code::UdpClosed;
      udp_open_ = false;
      ports_.clear();
      return with_status(memory, at, code);
    }
    case kUdpRead:
      return with<UdpReadParameters>(memory, at,
                                     [&](auto& block) { return udp_read(block, memory); });
    case kUdpWrite:
      return with<UdpWriteParameters>(memory, at,
                                      [&](auto& block) { return udp_write(block, memory); });
    case kGetCachedInfo:
      return with<undi::CachedInfoParameters>(
          memory, at, [&](auto& block) { return cached_info(block, memory); });
    case kUnloadStack:
      unloaded_ = true;
      file_.reset();
      files_.close_all();
      ports_.clear();
      return with_status(memory, at, Code::Success);
    case kStartBase:
    case kStopBase:
      return with_status(memory, at, Code::Success);
    default:
      return with_status(memory, at, Code::Unsupported);
  }
}

Code Server::cached_info(undi::CachedInfoParameters& block, ProgramMemory& memory) {
  const std::vector<uint8_t>* packets[] = {&packets_.discover, &packets_.ack, &packets_.reply};
  size_t index = size_t{block.packet_type} - 1;  // 0 wraps
  if (index >= std::size(packets) || packets[index]->empty()) return Code::Unsupported;
  Bytes packet = Bytes(*packets[index]).first(std::min(packets[index]->size(), kPacketBytes));
  if (block.bytes == 0) {
    ProgramMemory::Area area = memory.shared();
    std::copy(packet.begin(), packet.end(), area.bytes.begin() + ptrdiff_t(index * kPacketBytes));
    uint32_t at = area.at + uint32_t(index * kPacketBytes);
    block.buffer = {uint16_t(at & 15), uint16_t(at >> 4)};
    block.limit = kPacketBytes;
  } else {
    packet = packet.first(std::min<size_t>(packet.size(), block.bytes));
    if (!memory.write(block.buffer.linear(), packet)) return Code::Failure;
  }
  block.bytes = uint16_t(packet.size());
  return Code::Success;
}

// --- TFTP (§3.3) ---------------------------------------------------------------------------------

Code Server::tftp_open(TftpOpenParameters& block) {
  if (file_) return Code::TftpOpen;
  auto uri = uri_of(block.name, block.server, block.port);
  if (!uri.ok() || !frames_.resume().ok()) return Code::TftpCannotOpen;
  auto file = std::make_unique<FileReader>(loop_);
  if (Status opened = file->open(network_.fetcher(), *uri); !opened.ok())
    return code_of(opened.error(), Code::TftpCannotOpen);
  file_ = std::move(file);
  packet_bytes_ = std::clamp(block.packet_bytes, kLeastTftpPacket, kMostTftpPacket);
  packet_ = 0;
  block.packet_bytes = packet_bytes_;
  return Code::Success;
}

Code Server::tftp_read(TftpReadParameters& block, ProgramMemory& memory) {
  if (!file_) return Code::TftpClosed;
  uint8_t packet[kMostTftpPacket];
  auto bytes = file_->read(MutBytes(packet).first(packet_bytes_));
  if (!bytes.ok()) return code_of(bytes.error(), Code::TftpCannotRead);
  if (!memory.write(block.buffer.linear(), Bytes(packet).first(*bytes))) return Code::Failure;
  block.packet = ++packet_;
  block.bytes = uint16_t(*bytes);
  return Code::Success;
}

Code Server::tftp_read_file(TftpReadFileParameters& block, ProgramMemory& memory) {
  auto uri = uri_of(block.name, block.server, block.server_port);
  if (!uri.ok() || !frames_.resume().ok()) return Code::TftpCannotOpen;
  FileReader file(loop_);
  if (Status opened = file.open(network_.fetcher(), *uri); !opened.ok())
    return code_of(opened.error(), Code::TftpCannotOpen);
  std::vector<uint8_t> piece(kReadAtOnce);
  uint32_t done = 0;
  for (;;) {
    auto bytes = file.read(piece);
    if (!bytes.ok()) return code_of(bytes.error(), Code::TftpCannotRead);
    if (*bytes > block.bytes - done || *bytes > UINT32_MAX - block.buffer - done)
      return Code::OutOfResources;
    if (!memory.write(block.buffer + done, Bytes(piece).first(*bytes))) return Code::Failure;
    done += uint32_t(*bytes);
    if (*bytes < piece.size()) break;
  }
  block.bytes = done;
  return Code::Success;
}

Code Server::tftp_size(TftpSizeParameters& block) {
  auto uri = uri_of(block.name, block.server, 0);
  if (!uri.ok() || !frames_.resume().ok()) return Code::TftpCannotOpen;
  auto size = FileReader(loop_).size_of(network_.fetcher(), *uri);
  if (!size.ok()) return code_of(size.error(), Code::TftpCannotOpen);
  if (*size > UINT32_MAX) return Code::TftpNoFileSize;
  block.bytes = uint32_t(*size);
  return Code::Success;
}

// --- UDP (§3.4) ----------------------------------------------------------------------------------

Code Server::udp_open() {
  if (udp_open_) return Code::UdpOpen;
  udp_open_ = frames_.resume().ok();
  return udp_open_ ? Code::Success : Code::Failure;
}

/// Programs use many ports one after another and close none.
Result<UdpPort*> Server::udp_port(uint16_t number) {
  auto known =
      std::ranges::find_if(ports_, [&](const auto& entry) { return entry.first == number; });
  if (known != ports_.end()) {
    std::rotate(known, known + 1, ports_.end());
    return ports_.back().second.get();
  }
  if (ports_.size() >= kMostPorts) ports_.erase(ports_.begin());
  ports_.emplace_back(number, TRY(network_.open_udp(number)));
  return ports_.back().second.get();
}

Code Server::udp_write(const UdpWriteParameters& block, ProgramMemory& memory) {
  if (!udp_open_) return Code::UdpClosed;
  if (block.bytes > kMostDatagram) return Code::OutOfResources;
  std::vector<uint8_t> data(block.bytes);
  if (!memory.read(block.buffer.linear(), data)) return Code::Failure;
  uint16_t source = block.source_port ? byte_swap(block.source_port) : kDefaultSourcePort;
  auto port = udp_port(source);
  if (!port.ok()) return Code::OutOfResources;
  bool sent = (*port)->send(address_of(block.destination), byte_swap(block.destination_port), data)
                  .ok();
  loop_.poll_once();
  return sent ? Code::Success : Code::Failure;
}

Code Server::udp_read(UdpReadParameters& block, ProgramMemory& memory) {
  if (!udp_open_) return Code::UdpClosed;
  uint16_t wanted = byte_swap(block.destination_port);
  if (wanted && !udp_port(wanted).ok()) return Code::OutOfResources;
  loop_.poll_once();
  for (auto& [number, port] : ports_) {
    if (wanted && number != wanted) continue;
    auto datagram = port->receive();
    if (!datagram) continue;
    Bytes data = Bytes(datagram->data).first(std::min<size_t>(datagram->data.size(), block.bytes));
    if (!memory.write(block.buffer.linear(), data)) return Code::Failure;
    block.bytes = uint16_t(data.size());
    put_address(block.source, datagram->from);
    put_address(block.destination, datagram->to);
    block.source_port = byte_swap(datagram->from_port);
    block.destination_port = byte_swap(number);
    return Code::Success;
  }
  return Code::Failure;  // nothing there yet
}

}  // namespace hawser::pxe_api

namespace hawser {

Result<std::unique_ptr<ProgramServer>> make_pxe_server(const ProgramSurroundings& around) {
  return std::unique_ptr<ProgramServer>{std::make_unique<pxe_api::Server>(
      around.loop, around.network, around.interface,
      pxe_api::make_packets(around.settings, around.interface, around.uri), around.command_line,
      around.uri)};
}

}  // namespace hawser
