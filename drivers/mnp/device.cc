#include "drivers/mnp/device.h"

#include <algorithm>

#include "drivers/frame.h"
#include "drivers/snp/device.h"

namespace hawser::mnp {
namespace {

using efi::Code;
using efi::ManagedNetwork;

using firmware_nic::ask;
using firmware_nic::kHeaderBytes;
using firmware_nic::mac_of;

Error refused(std::string_view call, Code code) {
  return firmware_nic::refused("managed network", call, code);
}

Result<ManagedNetwork*> make_child(efi::BootServices& boot, efi::ServiceBinding& binding,
                                   efi::Handle& child) {
  child = nullptr;
  if (Code code = ask(binding, "MNP CreateChild()", &efi::ServiceBinding::create_child, &child);
      failed(code) || !child)
    return refused("CreateChild()", code);
  void* found = nullptr;
  if (Code code = boot.handle_protocol(child, &ManagedNetwork::kGuid, &found);
      failed(code) || !found)
    return refused("HandleProtocol()", code);
  return static_cast<ManagedNetwork*>(found);
}

void destroy_child(efi::ServiceBinding& binding, efi::Handle& child) {
  if (child) ask(binding, "MNP DestroyChild()", &efi::ServiceBinding::destroy_child, child);
  child = nullptr;
}

std::optional<efi::SimpleNetworkMode> read_mode(ManagedNetwork& firmware) {
  efi::SimpleNetworkMode mode{};
  Code code = ask(firmware, "MNP GetModeData()", &ManagedNetwork::get_mode, nullptr, &mode);
  if (failed(code) && code != Code::NotStarted) return std::nullopt;
  return mode;
}

}  // namespace

std::optional<efi::SimpleNetworkMode> mode_of(efi::BootServices& boot,
                                              efi::ServiceBinding& binding) {
  efi::Handle child;
  std::optional<efi::SimpleNetworkMode> mode;
  if (auto firmware = make_child(boot, binding, child); firmware.ok()) mode = read_mode(**firmware);
  destroy_child(binding, child);
  return mode && snp::is_usable(*mode) ? mode : std::nullopt;
}

Device::Device(efi::BootServices& boot, efi::ServiceBinding& binding,
               const efi::SimpleNetworkMode& mode)
    : boot_(boot),
      binding_(binding),
      mac_(mac_of(mode.current)),
      permanent_mac_(mac_of(mode.permanent)),
      mtu_(std::min(mode.max_packet_bytes, firmware_nic::kMostMtu)) {}

// --- opening and closing -------------------------------------------------------------------------

Status Device::make_events() {
  // Nobody is notified: we look at them.
  auto make = [&](efi::Event& event) {
    return boot_.create_event(0, efi::kTplApplication, nullptr, nullptr, &event);
  };
  slots_ = std::make_unique<std::array<Slot, kSlots>>();
  Code code = make(receive_.event);
  for (Slot& slot : *slots_)
    if (!failed(code)) code = make(slot.token.event);
  return failed(code) ? Status(refused("CreateEvent()", code)) : ok_status();
}

Status Device::start() {
  firmware_ = TRY(make_child(boot_, binding_, child_));
  TRY(make_events());
  constexpr efi::ManagedNetworkConfig kConfig{.unicast = true,
                                              .multicast = true,
                                              .broadcast = true,
                                              .flush_on_reset = true,
                                              .no_background_polling = true};
  if (Code code = ask(*firmware_, "MNP Configure()", &ManagedNetwork::configure, &kConfig);
      failed(code))
    return refused("Configure()", code);
  // What switches tell (net/stack/switch_port.h); we can do without.
  constexpr efi::MacAddress kGroups[] = {{{0x01, 0x80, 0xc2, 0x00, 0x00, 0x00}},   // STP
                                         {{0x01, 0x80, 0xc2, 0x00, 0x00, 0x02}}};  // LACP
  for (const efi::MacAddress& group : kGroups)
    ask(*firmware_, "MNP Groups()", &ManagedNetwork::groups, true, &group);
  return ok_status();
}

Status Device::open(FramePort& port) {
  if (port_) return ok_status();
  if (Status started = start(); !started.ok()) {
    shut_down();
    return started;
  }
  next_slot_ = 0;
  refused_ = polls_ = 0;
  port_ = &port;
  renew_link();
  return ok_status();
}

/// From any state that start() can end in.
void Device::shut_down() {
  if (firmware_) {
    ask(*firmware_, "MNP Cancel()", &ManagedNetwork::cancel, nullptr);
    if (has_arrived() && !failed(receive_.status) && receive_.received)
      boot_.signal_event(receive_.received->recycle);
    ask(*firmware_, "MNP Configure()", &ManagedNetwork::configure, nullptr);
  }
  receiving_ = Receiving::Idle;
  auto close = [&](efi::Event& event) {
    if (event) boot_.close_event(event);
    event = nullptr;
  };
  close(receive_.event);
  if (slots_)
    for (Slot& slot : *slots_) close(slot.token.event);
  firmware_ = nullptr;
  destroy_child(binding_, child_);
  slots_.reset();
}

void Device::close() {
  if (!port_) return;
  port_ = nullptr;
  link_ = Link::Down;
  shut_down();
}

void Device::renew_link() {
  auto mode = read_mode(*firmware_);
  bool down = mode && mode->media_present_supported && !mode->media_present;
  link_ = down ? Link::Down : Link::Up;
}

/// Once for each time that the event was signalled.
bool Device::is_done(efi::Event event) { return !failed(boot_.check_event(event)); }

// --- sending -------------------------------------------------------------------------------------

/// In turn, so that the one that comes next is the one lent longest.
Device::Slot* Device::free_slot() {
  Slot& next = (*slots_)[next_slot_];
  if (next.lent) next.lent = !is_done(next.token.event);
  if (next.lent) {
    ask(*firmware_, "MNP Poll()", &ManagedNetwork::poll);
    next.lent = !is_done(next.token.event);
  }
  if (next.lent && ++refused_ > firmware_nic::kPatience) {
    Code code = ask(*firmware_, "MNP Cancel()", &ManagedNetwork::cancel, &next.token);
    next.lent = failed(code) && code != Code::NotFound;
    is_done(next.token.event);  // of the cancelling
  }
  if (next.lent) return nullptr;
  refused_ = 0;
  return &next;
}

bool Device::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  Slot* slot = free_slot();
  if (!slot) return false;
  size_t bytes = join_padded(pieces, slot->frame);
  if (bytes == 0) return false;
  slot->data.header_bytes = kHeaderBytes;
  slot->data.data_bytes = uint32_t(bytes - kHeaderBytes);
  slot->data.fragment_count = 1;
  slot->data.fragment = {uint32_t(bytes), slot->frame.data()};
  slot->token.to_send = &slot->data;
  if (failed(ask(*firmware_, "MNP Transmit()", &ManagedNetwork::transmit, &slot->token))) {
    ++counters_.tx_errors;
    return false;
  }
  slot->lent = true;
  next_slot_ = (next_slot_ + 1) % kSlots;
  ++counters_.tx_frames;
  return true;
}

// --- receiving -----------------------------------------------------------------------------------

bool Device::ask_for_frame() {
  if (receiving_ != Receiving::Idle) return true;
  receive_.status = Code::NotReady;
  receive_.received = nullptr;
  if (failed(ask(*firmware_, "MNP Receive()", &ManagedNetwork::receive, &receive_))) return false;
  receiving_ = Receiving::Asked;
  return true;
}

bool Device::has_arrived() {
  if (receiving_ == Receiving::Asked && is_done(receive_.event)) receiving_ = Receiving::Arrived;
  return receiving_ == Receiving::Arrived;
}

/// True: a frame that the stack has taken, in `buffer`, which is the stack's again in any case.
bool Device::take_frame(RxBuffer& buffer) {
  receiving_ = Receiving::Idle;
  const efi::ManagedReceiveData* data = receive_.received;
  bool arrived = !failed(receive_.status) && data;
  bool good = arrived && data->header_bytes == kHeaderBytes && data->header && data->data &&
              data->data_bytes <= kRxBufferBytes - kHeaderBytes;
  uint32_t bytes = good ? uint32_t(kHeaderBytes + data->data_bytes) : 0;
  if (good) {
    std::memcpy(buffer.data, data->header, kHeaderBytes);
    std::memcpy(buffer.data + kHeaderBytes, data->data, bytes - kHeaderBytes);
  }
  if (arrived) boot_.signal_event(data->recycle);
  ++(good ? counters_.rx_frames : counters_.rx_errors);
  if (good) port_->received(&buffer, bytes);  // may close us
  else port_->give_back(&buffer);
  return good;
}

size_t Device::poll(size_t budget) {
  if (!port_) return 0;
  if (polls_++ % firmware_nic::kPollsPerStatus == 0) renew_link();
  size_t frames = 0;
  // Bad frames count as well, so that firmware that has nothing else cannot keep us here.
  for (; budget > 0 && port_; --budget) {
    if (!ask_for_frame()) break;
    if (!has_arrived()) {
      ask(*firmware_, "MNP Poll()", &ManagedNetwork::poll);
      if (!has_arrived()) break;
    }
    RxBuffer* buffer = port_->take();
    if (!buffer) break;  // the frame stays the next one
    frames += take_frame(*buffer);
  }
  return frames;
}

}  // namespace hawser::mnp
