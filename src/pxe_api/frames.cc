#include "src/pxe_api/frames.h"

#include <algorithm>
#include <cstring>

namespace hawser::pxe_api {
namespace {

using undi::IsrParameters;
using undi::OpenParameters;
using undi::TransmitParameters;

constexpr size_t kHeaderBytes = 14, kLeastFrame = 60, kMostFrame = 1514, kMacBytes = 6;
constexpr size_t kMostWaiting = 64;
constexpr int kTransmitTries = 16;
constexpr uint16_t kMulticast = 1u << 0;  // of OpenParameters' filter; broadcast is bit 1 (§4.2.7)

/// EtherTypes by the number of a protocol (§4.2.9): IP, ARP, RARP.
constexpr uint16_t kTypes[] = {0, 0x0800, 0x0806, 0x8035};
constexpr uint8_t kOtherProtocol = 4;

bool is_broadcast(Bytes frame) {
  return std::all_of(frame.begin(), frame.begin() + kMacBytes, [](uint8_t b) { return b == 0xff; });
}

uint8_t protocol_of(Bytes frame) {
  uint16_t type = *read_be<uint16_t>(frame, 2 * kMacBytes);
  auto known = std::find(std::begin(kTypes) + 1, std::end(kTypes), type);
  return known == std::end(kTypes) ? kOtherProtocol : uint8_t(known - std::begin(kTypes));
}

}  // namespace

Frames::~Frames() {
  interface_.watch({});
  if (plain_) {
    if (!paused_) network_.pause();
    paused_ = true;
    interface_.nic().set_plain(false);
  }
  (void)resume();
}

Status Frames::resume() {
  if (!paused_) return ok_status();
  paused_ = false;
  return network_.resume();
}

Status Frames::open(uint16_t filter) {
  filter_ = filter;
  if (open_) return ok_status();
  if (!plain_) {
    if (!paused_) network_.pause();
    paused_ = plain_ = true;
    interface_.nic().set_plain(true);
  }
  TRY(resume());
  waiting_.clear();
  sent_ = 0;
  interface_.watch([this](Bytes frame) { return keep(frame); });
  open_ = true;
  return ok_status();
}

void Frames::close() {
  interface_.watch({});
  waiting_.clear();
  open_ = false;
  if (paused_) return;
  network_.pause();
  paused_ = true;
}

bool Frames::keep(Bytes frame) {
  if (for_stack_ > 0) return false;
  if (frame.size() < kHeaderBytes || frame.size() > kMostFrame) return true;
  bool group = frame[0] & 1;
  uint16_t wanted = is_broadcast(frame) ? OpenParameters::kBroadcast : kMulticast;
  // Directed frames always pass: bit 0 covers them and multicast, and some programs set none.
  if (group && filter_ && !(filter_ & wanted)) return true;
  if (waiting_.size() < kMostWaiting) waiting_.push_back({frame.begin(), frame.end()});
  return true;
}

/// The frame, as its pieces lie in memory; false when one is out of reach or it is too long.
bool Frames::gather(const TransmitParameters& call, ProgramMemory& memory,
                    std::vector<uint8_t>& frame) {
  undi::TransmitDescriptor descriptor;
  MutBytes raw{reinterpret_cast<uint8_t*>(&descriptor), sizeof descriptor};
  if (!memory.read(call.descriptor.linear(), raw)) return false;
  auto append = [&](uint32_t from, size_t bytes) {
    if (bytes > kMostFrame - frame.size()) return false;
    size_t at = frame.size();
    frame.resize(at + bytes);
    return memory.read(from, MutBytes(frame).subspan(at));
  };
  if (call.protocol != TransmitParameters::kHasHeader) {
    if (call.protocol >= std::size(kTypes)) return false;
    frame.resize(kHeaderBytes, 0xff);
    if (call.flag != TransmitParameters::kBroadcast &&
        !memory.read(call.destination.linear(), MutBytes(frame).first(kMacBytes)))
      return false;
    Mac mac = interface_.nic().mac();
    std::copy(mac.bytes.begin(), mac.bytes.end(), frame.begin() + kMacBytes);
    write_be(&frame[2 * kMacBytes], kTypes[call.protocol]);
  }
  if (!append(descriptor.immediate.linear(), descriptor.immediate_bytes)) return false;
  if (descriptor.blocks > std::size(descriptor.block)) return false;
  for (size_t i = 0; i < descriptor.blocks; ++i) {
    DataBlock block;
    std::memcpy(&block, descriptor.block[i], sizeof block);
    undi::FarPointer far{uint16_t(block.pointer), uint16_t(block.pointer >> 16)};
    uint32_t from = block.pointer_type == DataBlock::kPhysical ? block.pointer : far.linear();
    if (!append(from, block.bytes)) return false;
  }
  return frame.size() >= kHeaderBytes;
}

Code Frames::transmit(const TransmitParameters& call, ProgramMemory& memory) {
  std::vector<uint8_t> frame;
  if (!open_ || !gather(call, memory, frame)) return Code::UndiTransmitError;
  if (frame.size() < kLeastFrame) frame.resize(kLeastFrame);
  const Bytes piece{frame};
  for (int tries = 0; tries < kTransmitTries; ++tries) {
    bool queued = interface_.nic().transmit({&piece, 1});
    loop_.poll_once();  // cards learn of frames by it
    if (!queued) continue;
    ++sent_;
    return Code::Success;
  }
  return Code::OutOfResources;
}

void Frames::serve_interrupt(IsrParameters& call, ProgramMemory::Area buffer) {
  constexpr uint16_t kNotOurs = 1;
  if (open_ && waiting_.empty()) loop_.poll_once();
  if (call.what == IsrParameters::kStart) {
    call.what = waiting_.empty() && sent_ == 0 ? kNotOurs : IsrParameters::kOurs;
    return;
  }
  if (sent_ > 0) {
    --sent_;
    call.what = IsrParameters::kTransmitted;
    return;
  }
  if (waiting_.empty()) {
    call.what = IsrParameters::kDone;
    return;
  }
  Bytes frame = waiting_.front();
  std::copy(frame.begin(), frame.end(), buffer.bytes.begin());
  call.what = IsrParameters::kReceived;
  call.buffer_bytes = call.frame_bytes = uint16_t(frame.size());
  call.header_bytes = kHeaderBytes;
  call.buffer = {uint16_t(buffer.at & 15), uint16_t(buffer.at >> 4)};
  call.protocol = protocol_of(frame);
  call.packet_type = is_broadcast(frame) ? 1 : frame[0] & 1 ? 2 : 0;
  waiting_.erase(waiting_.begin());
}

}  // namespace hawser::pxe_api
