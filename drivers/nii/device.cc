#include "drivers/nii/device.h"

#include <algorithm>

#include "drivers/frame.h"

namespace hawser::nii {
namespace {

using efi::undi::Opcode;
using efi::undi::Pxe;
using efi::undi::StatCode;
using firmware_nic::kHeaderBytes;
using firmware_nic::mac_of;

uint64_t address_of(const void* memory) { return reinterpret_cast<uint64_t>(memory); }
constexpr uint64_t pages_of(uint32_t bytes) {
  return bytes / efi::kPageBytes + (bytes % efi::kPageBytes != 0);
}

}  // namespace

Device::Device(efi::BootServices& boot, const efi::NetworkInterfaceIdentifier& identifier,
               efi::PciIo* pci, const Mac& mac)
    : boot_(boot), undi_(boot, identifier, pci), mac_(mac), permanent_mac_(mac) {}

Status Device::set_mac(const Mac& mac) {
  TRY(undi_.find());
  if (!(undi_.implementation() & Pxe::kAddressSettable))
    return Error{Errc::Unsupported, "the firmware's network driver cannot change the address"};
  mac_ = mac;
  return ok_status();
}

// --- opening and closing -------------------------------------------------------------------------

/// Who had it before may have left it running, with callbacks that are gone.
Status Device::stop_other_user() {
  TRY(undi_.carry_out(Opcode::GetState));
  unsigned state = undi_.flags() & efi::undi::kStateMask;
  if (state == efi::undi::kInitialized) TRY(undi_.carry_out(Opcode::Shutdown));
  if (state != 0) TRY(undi_.carry_out(Opcode::Stop));
  return ok_status();
}

Status Device::read_init_info() {
  constexpr uint8_t kEthernet = 1;
  constexpr uint32_t kLeastPacket = 576;
  TRY(undi_.carry_out(Opcode::GetInitInfo, 0, 0, sizeof undi_.db.init_info));
  const efi::undi::InitInfoDb& info = undi_.db.init_info;
  if (info.interface_type != kEthernet || info.address_bytes != Mac{}.bytes.size() ||
      info.header_bytes != kHeaderBytes || info.frame_data_bytes < kLeastPacket)
    return Error{Errc::Device, "the firmware's network driver is not one for Ethernet"};
  mtu_ = std::min<uint32_t>(info.frame_data_bytes, firmware_nic::kMostMtu);
  tells_media_ = undi_.flags() & efi::undi::kTellsMedia;
  return get_memory(info.memory_required);
}

void Device::free_memory() {
  if (memory_) boot_.free_pages(memory_, pages_of(memory_bytes_));
  memory_ = memory_bytes_ = 0;
}

/// Below 4 GiB, where every card reaches.
Status Device::get_memory(uint32_t bytes) {
  constexpr uint32_t kMost = 64u << 20;
  free_memory();  // of an UNDI that hung, and does no more
  memory_ = 0xffffffff;
  memory_bytes_ = bytes;
  if (bytes != 0 && bytes <= kMost &&
      !failed(boot_.allocate_pages(efi::AllocateType::MaxAddress, efi::MemoryKind::LoaderData,
                                   pages_of(bytes), &memory_)))
    return ok_status();
  memory_ = memory_bytes_ = 0;
  if (bytes == 0) return ok_status();
  return Error{Errc::NoMemory,
               cat("the firmware's network driver needs ", human_size(bytes), " of memory")};
}

Status Device::set_address() {
  TRY(undi_.carry_out(Opcode::StationAddress, 0, 0, sizeof undi_.db.address));
  permanent_mac_ = mac_of(undi_.db.address.permanent);
  mac_was_set_ = mac_of(undi_.db.address.current) != mac_;
  if (!mac_was_set_) return ok_status();
  undi_.cpb.address = firmware_nic::address_of(mac_);
  return undi_.carry_out(Opcode::StationAddress, 0, sizeof undi_.cpb.address);
}

/// All multicast, for IPv6; where an UNDI cannot, everything.
Status Device::set_filters() {
  constexpr uint16_t kBasic = efi::undi::kEnable | efi::undi::kUnicast | efi::undi::kBroadcast;
  constexpr struct {
    uint32_t needed;
    uint16_t flag;
  } kTries[] = {{Pxe::kAllMulticast, efi::undi::kAllMulticast},
                {Pxe::kPromiscuous, efi::undi::kPromiscuous}};
  for (const auto& each : kTries)
    if (undi_.implementation() & each.needed &&
        undi_.carry_out(Opcode::ReceiveFilters, kBasic | each.flag).ok())
      return ok_status();
  return undi_.carry_out(Opcode::ReceiveFilters, kBasic);
}

Status Device::start() {
  TRY(undi_.find());
  TRY(stop_other_user());
  undi_.cpb.start = undi_.callbacks.table();
  TRY(undi_.carry_out(Opcode::Start, 0, sizeof undi_.cpb.start));
  TRY(read_init_info());
  undi_.cpb.initialize = {};
  undi_.cpb.initialize.memory = memory_;
  undi_.cpb.initialize.memory_bytes = memory_bytes_;
  TRY(undi_.carry_out(Opcode::Initialize, efi::undi::kDoNotDetectCable, sizeof undi_.cpb.initialize,
                      sizeof undi_.db.initialize));
  TRY(set_address());
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
  link_ = Link::Up;
  renew_status();
  return ok_status();
}

/// From any state that start() can end in: an UNDI refuses what it cannot do in its state.
void Device::shut_down() {
  if (!undi_.is_idle()) return;  // nothing was found; or the memory is an UNDI's that hangs
  if (mac_was_set_) (void)undi_.carry_out(Opcode::StationAddress, efi::undi::kResetAddress);
  mac_was_set_ = false;
  (void)undi_.carry_out(Opcode::Shutdown);
  (void)undi_.carry_out(Opcode::Stop);
  undi_.callbacks.end();
  free_memory();
}

void Device::close() {
  if (!port_) return;
  shut_down();
  if (undi_.is_idle()) {  // one that hangs may still write and send: it keeps what it has
    if (buffer_) port_->give_back(buffer_);
    outbox_.reset();  // Shutdown ends what was being sent
  }
  buffer_ = nullptr;
  port_ = nullptr;
  link_ = Link::Down;
}

/// Takes back frames that were sent, and looks at the link.
void Device::renew_status() {
  uint16_t media = tells_media_ ? efi::undi::kGetMedia : 0;
  if (undi_.issue(Opcode::GetStatus, efi::undi::kGetTransmitted | media, 0,
                  sizeof undi_.db.status) != StatCode::Success)
    return;
  for (uint64_t frame : undi_.db.status.sent)
    if (frame != 0) outbox_->give_back(frame);
  if (media) link_ = undi_.flags() & efi::undi::kNoMedia ? Link::Down : Link::Up;
}

// --- sending -------------------------------------------------------------------------------------

bool Device::transmit(std::span<const Bytes> pieces) {
  if (!port_ || !undi_.is_idle()) return false;
  auto* slot = outbox_->next([&] { renew_status(); });
  if (!slot) return false;
  size_t bytes = join_padded(pieces, slot->frame);
  if (bytes == 0) return false;
  auto send = [&] {
    undi_.cpb.transmit = {address_of(slot->frame.data()), uint32_t(bytes), 0, 0};
    return undi_.issue(Opcode::Transmit, 0, sizeof undi_.cpb.transmit);
  };
  StatCode code = send();
  if (undi_.is_idle() && (code == StatCode::QueueFull || code == StatCode::Busy)) {
    renew_status();  // which makes room
    code = send();
  }
  if (undi_.is_idle() && code != StatCode::Success) {  // what has not ended may still be sent
    ++counters_.tx_errors;
    return false;
  }
  outbox_->lend();
  ++counters_.tx_frames;
  return true;
}

// --- receiving -----------------------------------------------------------------------------------

/// Success: a frame that the stack has taken.
StatCode Device::receive_into(RxBuffer& buffer) {
  undi_.cpb.receive = {address_of(buffer.data), kRxBufferBytes, 0};
  StatCode code =
      undi_.issue(Opcode::Receive, 0, sizeof undi_.cpb.receive, sizeof undi_.db.receive);
  if (code == StatCode::NoData || code == StatCode::Busy) return code;
  uint32_t bytes = undi_.db.receive.frame_bytes;
  if (code != StatCode::Success || bytes < kHeaderBytes || bytes > kRxBufferBytes) {
    ++counters_.rx_errors;
    return code == StatCode::Success ? StatCode::InvalidUndi : code;
  }
  ++counters_.rx_frames;
  buffer_ = nullptr;
  port_->received(&buffer, bytes);  // may close us
  return code;
}

size_t Device::poll(size_t budget) {
  if (!port_ || !undi_.is_idle()) return 0;
  if (polls_++ % firmware_nic::kPollsPerStatus == 0) renew_status();
  size_t frames = 0;
  // Bad frames count as well, so that an UNDI that has nothing else cannot keep us here.
  for (; budget > 0 && port_; --budget) {
    if (!buffer_ && !(buffer_ = port_->take())) break;
    StatCode code = receive_into(*buffer_);
    if (code == StatCode::NoData || code == StatCode::Busy) break;
    frames += code == StatCode::Success;
  }
  return frames;
}

}  // namespace hawser::nii
