#include "drivers/undi/device.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"

namespace hawser::undi {
namespace {

constexpr size_t kHeaderBytes = 14, kLeastFrame = 60, kMostFrame = 1518;
// A ROM may still read a frame after TRANSMIT has returned (§4.2.9), so frames take turns.
constexpr unsigned kSlots = 8;
constexpr size_t kFrameAt = 80, kSlotBytes = 1600;
static_assert(sizeof(TransmitDescriptor) <= kFrameAt && kFrameAt + kMostFrame <= kSlotBytes);
// A ROM that goes by the card's interrupt flag alone may miss that there is something: it is asked
// regardless after so many times of "not ours".
constexpr unsigned kQuietPolls = 16;

}  // namespace

// --- opening and closing -------------------------------------------------------------------------

/// The ROM may have the card open, closed, or shut down, depending on who used it last.
Status Device::open_card() {
  OpenParameters open;
  if (call(rom_, open).ok()) return ok_status();
  CloseParameters close;
  (void)call(rom_, close);
  open = {};
  if (call(rom_, open).ok()) return ok_status();
  ShutdownParameters shutdown;
  (void)call(rom_, shutdown);
  InitializeParameters initialize;
  TRY(call(rom_, initialize));
  open = {};
  return call(rom_, open);
}

Status Device::open(FramePort& port) {
  if (port_) return ok_status();
  // We poll. The interrupt handler behind this line is the BIOS's, which could not quiet the card.
  if (card_.irq) irq_was_masked_ = rom_.mask_interrupt(card_.irq, true);
  if (Status opened = open_card(); !opened.ok()) {
    if (card_.irq) rom_.mask_interrupt(card_.irq, irq_was_masked_);
    return opened;
  }
  port_ = &port;
  in_service_ = false;
  quiet_polls_ = 0;
  have_ = 0;
  return ok_status();
}

void Device::close() {
  if (!port_) return;
  CloseParameters close;
  (void)call(rom_, close);  // nothing more can be done about a ROM that refuses
  if (card_.irq) rom_.mask_interrupt(card_.irq, irq_was_masked_);
  if (buffer_) port_->give_back(buffer_);
  buffer_ = nullptr;
  port_ = nullptr;
}

// --- sending -------------------------------------------------------------------------------------

bool Device::transmit(std::span<const Bytes> pieces) {
  if (!port_) return false;
  Rom::Buffer memory = rom_.buffer();
  size_t slot = next_slot_ * kSlotBytes;
  MutBytes frame = memory.bytes.subspan(slot + kFrameAt, kMostFrame);
  size_t bytes = 0;
  for (Bytes piece : pieces) {
    if (piece.size() > frame.size() - bytes) return false;
    std::copy(piece.begin(), piece.end(), frame.begin() + bytes);
    bytes += piece.size();
  }
  if (bytes < kHeaderBytes) return false;
  if (bytes < kLeastFrame) {  // not every ROM pads
    std::fill(frame.begin() + bytes, frame.begin() + kLeastFrame, uint8_t{0});
    bytes = kLeastFrame;
  }
  TransmitDescriptor descriptor;
  descriptor.immediate_bytes = uint16_t(bytes);
  descriptor.immediate = memory.at + uint16_t(slot + kFrameAt);
  std::memcpy(memory.bytes.data() + slot, &descriptor, sizeof descriptor);

  TransmitParameters transmit;
  constexpr uint8_t kAll = 0xff;
  if (std::all_of(frame.begin(), frame.begin() + 6, [](uint8_t b) { return b == kAll; }))
    transmit.flag = TransmitParameters::kBroadcast;
  transmit.destination = descriptor.immediate;  // a frame begins with its destination
  transmit.descriptor = memory.at + uint16_t(slot);
  if (!call(rom_, transmit).ok()) {
    ++counters_.tx_errors;
    return false;
  }
  next_slot_ = (next_slot_ + 1) % kSlots;
  ++counters_.tx_frames;
  return true;
}

// --- receiving (§4.2.20) -------------------------------------------------------------------------

bool Device::has_something() {
  IsrParameters isr;
  bool ours = call(rom_, isr).ok() && isr.what == IsrParameters::kOurs;
  if (!ours && ++quiet_polls_ < kQuietPolls) return false;
  quiet_polls_ = 0;
  return true;
}

size_t Device::poll(size_t budget) {
  if (!port_) return 0;
  if (!in_service_) {
    if (!has_something()) return 0;
    in_service_ = processing_ = true;
  }
  size_t frames = 0;
  // Each answer counts, so that a ROM that never says "done" cannot keep us here.
  for (; budget > 0 && port_; --budget) {
    if (!buffer_ && !(buffer_ = port_->take())) break;  // the ROM keeps the frame meanwhile
    IsrParameters isr;
    isr.what = processing_ ? IsrParameters::kProcess : IsrParameters::kGetNext;
    processing_ = false;
    if (!call(rom_, isr).ok()) isr.what = IsrParameters::kDone;
    if (isr.what == IsrParameters::kTransmitted) continue;
    if (isr.what != IsrParameters::kReceived) {
      in_service_ = false;
      break;
    }
    if (take_piece(isr)) ++frames;
  }
  return frames;
}

/// True when it completed a frame, which is the stack's then.
bool Device::take_piece(const IsrParameters& piece) {
  if (have_ > 0 && piece.frame_bytes != total_) drop_frame();  // another began before its end
  total_ = piece.frame_bytes;
  size_t bytes = piece.buffer_bytes;
  if (total_ < kHeaderBytes || total_ > kRxBufferBytes || bytes == 0 || bytes > total_ - have_ ||
      !rom_.read(piece.buffer, {buffer_->data + have_, bytes})) {
    drop_frame();
    return false;
  }
  have_ += bytes;
  if (have_ < total_) return false;
  have_ = 0;
  ++counters_.rx_frames;
  port_->received(std::exchange(buffer_, nullptr), uint32_t(total_));  // may close us
  return true;
}

void Device::drop_frame() {
  have_ = 0;
  ++counters_.rx_errors;
}

}  // namespace hawser::undi
