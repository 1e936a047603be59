#include "drivers/snp/device.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "drivers/frame.h"

namespace hawser::snp {
namespace {

using efi::Code;
using efi::SimpleNetwork;
using efi::SimpleNetworkMode;

using firmware_nic::ask;
using firmware_nic::kHeaderBytes;
using firmware_nic::mac_of;

Error refused(std::string_view call, Code code) {
  return firmware_nic::refused("network driver", call, code);
}

}  // namespace

bool is_usable(const SimpleNetworkMode& mode) {
  constexpr uint8_t kEthernet = 1;
  constexpr uint32_t kLeastPacket = 576;
  return mode.interface_type == kEthernet && mode.address_bytes == Mac{}.bytes.size() &&
         mode.media_header_bytes == kHeaderBytes && mode.max_packet_bytes >= kLeastPacket;
}

Device::Device(SimpleNetwork& firmware)
    : firmware_(firmware), mac_(mac_of(firmware.mode->current)) {}

Mac Device::permanent_mac() const { return mac_of(firmware_.mode->permanent); }

Status Device::set_mac(const Mac& mac) {
  if (!firmware_.mode->address_changeable)
    return Error{Errc::Unsupported, "the firmware's network driver cannot change the address"};
  mac_ = mac;
  mac_was_set_ = true;
  return ok_status();
}

uint32_t Device::mtu() const {
  return std::min(firmware_.mode->max_packet_bytes, firmware_nic::kMostMtu);
}

// --- opening and closing -------------------------------------------------------------------------

/// All multicast, for IPv6; where a driver cannot, everything.
Status Device::set_filters() {
  constexpr uint32_t kBasic = SimpleNetwork::kUnicast | SimpleNetwork::kBroadcast;
  constexpr uint32_t kTries[] = {kBasic | SimpleNetwork::kAllMulticast,
                                 kBasic | SimpleNetwork::kPromiscuous, kBasic};
  uint32_t mask = firmware_.mode->filter_mask;
  Code code = Code::Unsupported;
  for (uint32_t wanted : kTries) {
    if ((wanted & ~mask & ~kBasic) != 0) continue;
    uint32_t enable = wanted & mask;
    code = ask(firmware_, "SNP ReceiveFilters()", &SimpleNetwork::receive_filters, enable,
               mask & ~enable, true, 0, nullptr);
    if (!failed(code)) return ok_status();
  }
  return refused("ReceiveFilters()", code);
}

Status Device::start() {
  if (firmware_.mode->state == SimpleNetworkMode::Initialized)
    ask(firmware_, "SNP Shutdown()", &SimpleNetwork::shutdown);
  if (Code code = ask(firmware_, "SNP Start()", &SimpleNetwork::start);
      failed(code) && code != Code::AlreadyStarted)
    return refused("Start()", code);
  if (Code code = ask(firmware_, "SNP Initialize()", &SimpleNetwork::initialize, 0, 0);
      failed(code))
    return refused("Initialize()", code);
  if (mac_was_set_) {
    efi::MacAddress address = firmware_nic::address_of(mac_);
    if (Code code = ask(firmware_, "SNP StationAddress()", &SimpleNetwork::station_address, false,
                        &address);
        failed(code))
      return refused("StationAddress()", code);
  }
  return set_filters();
}

Status Device::open(FramePort& port) {
  if (port_) return ok_status();
  if (Status started = start(); !started.ok()) {
    shut_down();
    return started;
  }
  outbox_ = std::make_unique<firmware_nic::Outbox>();
  polls_ = 0;
  port_ = &port;
  return ok_status();
}

void Device::shut_down() {
  if (mac_was_set_)
    ask(firmware_, "SNP StationAddress()", &SimpleNetwork::station_address, true, nullptr);
  ask(firmware_, "SNP Shutdown()", &SimpleNetwork::shutdown);
  ask(firmware_, "SNP Stop()", &SimpleNetwork::stop);
}

void Device::close() {
  if (!port_) return;
  shut_down();
  if (buffer_) port_->give_back(buffer_);
  buffer_ = nullptr;
  port_ = nullptr;
  outbox_.reset();  // Shutdown() ends what was being sent
}

Link Device::link() {
  if (!port_) return Link::Down;
  const SimpleNetworkMode& mode = *firmware_.mode;
  return !mode.media_present_supported || mode.media_present ? Link::Up : Link::Down;
}

// --- sending -------------------------------------------------------------------------------------

void Device::take_back_frames() {
  for (size_t i = 0; i < firmware_nic::Outbox::kSlots; ++i) {
    void* done = nullptr;
    if (failed(ask(firmware_, "SNP GetStatus()", &SimpleNetwork::get_status, nullptr, &done)) ||
        !done)
      return;
    outbox_->give_back(reinterpret_cast<uint64_t>(done));
  }
}

bool Device::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  auto* slot = outbox_->next([&] { take_back_frames(); });
  if (!slot) return false;
  size_t bytes = join_padded(pieces, slot->frame);
  if (bytes == 0) return false;
  auto send = [&] {
    return ask(firmware_, "SNP Transmit()", &SimpleNetwork::transmit, 0, bytes, slot->frame.data(),
               nullptr, nullptr, nullptr);
  };
  Code code = send();
  if (code == Code::NotReady) {
    take_back_frames();  // some drivers make room only then
    code = send();
  }
  if (failed(code)) {
    ++counters_.tx_errors;
    return false;
  }
  outbox_->lend();
  ++counters_.tx_frames;
  return true;
}

// --- receiving -----------------------------------------------------------------------------------

/// Success: a frame that the stack has taken.
Code Device::receive_into(RxBuffer& buffer) {
  uint64_t bytes = kRxBufferBytes;
  Code code = ask(firmware_, "SNP Receive()", &SimpleNetwork::receive, nullptr, &bytes, buffer.data,
                  nullptr, nullptr, nullptr);
  if (code == Code::NotReady) return code;
  if (!failed(code) && bytes >= kHeaderBytes && bytes <= kRxBufferBytes) {
    ++counters_.rx_frames;
    buffer_ = nullptr;
    port_->received(&buffer, uint32_t(bytes));  // may close us
    return Code::Success;
  }
  ++counters_.rx_errors;
  if (code == Code::BufferTooSmall) skip_oversized(bytes);
  return failed(code) ? code : Code::CrcError;
}

/// The frame stays the next one until it finds room.
void Device::skip_oversized(uint64_t bytes) {
  constexpr uint64_t kMost = 65536 + kHeaderBytes;
  std::vector<uint8_t> room(std::min(std::max<uint64_t>(bytes, kRxBufferBytes), kMost));
  bytes = room.size();
  ask(firmware_, "SNP Receive()", &SimpleNetwork::receive, nullptr, &bytes, room.data(), nullptr,
      nullptr, nullptr);
}

size_t Device::poll(size_t budget) {
  if (!port_) return 0;
  if (polls_++ % firmware_nic::kPollsPerStatus == 0) take_back_frames();
  size_t frames = 0;
  // Bad frames count as well, so that a driver that has nothing else cannot keep us here.
  for (; budget > 0 && port_; --budget) {
    if (!buffer_ && !(buffer_ = port_->take())) break;
    Code code = receive_into(*buffer_);
    if (code == Code::Success) ++frames;
    else if (code != Code::CrcError && code != Code::BufferTooSmall) break;
  }
  return frames;
}

const NicCounters& Device::counters() {
  constexpr size_t kDropped = 4, kFields = 27;  // §24.1.8
  uint64_t table[kFields];
  std::fill(std::begin(table), std::end(table), ~uint64_t{0});  // what the driver does not count
  uint64_t bytes = sizeof table;
  if (port_ &&
      !failed(
          ask(firmware_, "SNP Statistics()", &SimpleNetwork::statistics, false, &bytes, table)) &&
      table[kDropped] != ~uint64_t{0})
    counters_.rx_missed = table[kDropped];
  return counters_;
}

}  // namespace hawser::snp
