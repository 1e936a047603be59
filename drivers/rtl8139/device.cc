#include "drivers/rtl8139/device.h"

#include <atomic>
#include <cstring>
#include <utility>

#include "src/base/bytes.h"

namespace hawser::rtl8139 {

Status Device::attach() {
  io_->bus_master(false);
  uint32_t tcr = io_->read(reg::kTcr, 4);
  if (tcr == ~uint32_t{0})
    return device_error("register TCR reads as all ones; is the card powered?");
  c_plus_ = (tcr & kRevision) == kRevisionCPlus;
  if (c_plus_) mode_for_rom_ = uint16_t(io_->read(reg::kCpcr, 2));
  stop();
  Mac mac;
  write_le(mac.bytes.data(), io_->read(reg::kIdr0, 4));
  write_le(mac.bytes.data() + 4, uint16_t(io_->read(reg::kIdr4, 4)));
  return adopt(mac);
}

Status Device::create() {
  rx_ = TRY(platform_.dma(kRxBytes + kRxSpareBytes, 4096));
  return ok_status();
}

Status Device::reset() {
  constexpr uint64_t kResetLimitUs = 100'000;
  io_->write(reg::kCr, cr::kReset, 1);
  if (!wait(kResetLimitUs, [&] { return !(io_->read(reg::kCr, 1) & cr::kReset); }))
    return device_error("register CR: reset did not complete in 100 ms");
  return ok_status();
}

Status Device::start() {
  TRY(reset());
  // The rings that all chips have. Not written without need: QEMU's card chooses C+ with any write.
  if (c_plus_ && io_->read(reg::kCpcr, 2) != 0) io_->write(reg::kCpcr, 0, 2);
  Mac own = mac();
  io_->write(reg::k9346cr, ninety_three_46::kConfigWritable, 1);
  io_->write(reg::kIdr0, *read_le<uint32_t>(own.bytes, 0), 4);
  io_->write(reg::kIdr4, *read_le<uint16_t>(own.bytes, 4), 4);
  io_->write(reg::k9346cr, ninety_three_46::kNormal, 1);
  io_->write(reg::kImr, 0, 2);
  io_->bus_master(true);
  start_receiver();
  io_->write(reg::kTcr, kTcrValue, 4);
  io_->write(reg::kMar0, ~uint32_t{0}, 4);
  io_->write(reg::kMar4, ~uint32_t{0}, 4);
  return ok_status();
}

/// From the start of the buffer, also after the card and we lost each other in it. The receiver has
/// to be on before RCR takes what is written.
void Device::start_receiver() {
  io_->write(reg::kCr, cr::kTransmit, 1);
  io_->write(reg::kRbstart, uint32_t(rx_.bus), 4);
  io_->write(reg::kCr, cr::kTransmit | cr::kReceive, 1);
  io_->write(reg::kRcr, kRcrValue, 4);
  at_ = unread_ = 0;
  behind_ = true;
  taken();
}

/// iPXE's ROM chooses C+ rings once, when it first sees the card, and goes on with them when a
/// machine comes back to it: a reset forgets that choice.
void Device::stop() {
  static_cast<void>(reset());  // if that hangs, there is no DMA at least
  io_->write(reg::kImr, 0, 2);
  if (c_plus_) io_->write(reg::kCpcr, mode_for_rom_, 2);
}

/// Writing TSD with the bit OWN clear starts the frame: there is no doorbell apart from that.
void Device::send(uint32_t slot, Phys bus, uint32_t bytes) {
  uint32_t descriptor = slot % tsd::kCount * 4;
  publish();
  io_->write(reg::kTsad0 + descriptor, uint32_t(bus), 4);
  io_->write(reg::kTsd0 + descriptor, bytes | tsd::kThreshold, 4);
}

bool Device::sent(uint32_t slot) {
  uint32_t state = io_->read(reg::kTsd0 + slot % tsd::kCount * 4, 4);
  if (state & tsd::kAborted) {
    ++count().tx_errors;
    io_->write(reg::kTcr, kTcrValue | kTcrClearAbort, 4);
    return false;
  }
  return state & tsd::kOwn;
}

/// Bytes of whole frames from at_ on. The card is asked once a batch; what it has written by then
/// is taken.
uint32_t Device::look() {
  if (behind_ || (io_->read(reg::kCr, 1) & cr::kBufferEmpty)) return 0;
  uint32_t written = (io_->read(reg::kCbr, 2) - at_) % kRxBytes;
  std::atomic_thread_fence(std::memory_order_acquire);
  return written == 0 ? kRxBytes : written;
}

std::optional<RingNic::Arrival> Device::take() {
  if (unread_ == 0) unread_ = look();
  uint32_t written = std::exchange(unread_, 0);
  if (written < header::kBytes) return std::nullopt;
  Bytes all{rx_.data, rx_.bytes};
  auto status = *read_le<uint16_t>(all, at_), length = *read_le<uint16_t>(all, at_ + 2);
  if (length == header::kBeingWritten) return std::nullopt;
  if (!(status & header::kOk) || (status & header::kBad) || length <= kFcsBytes ||
      length > kRxBufferBytes) {  // where the next header is, is unknown
    start_receiver();
    return Arrival{};
  }
  uint32_t taken = (header::kBytes + length + 3) & ~uint32_t{3};
  if (taken > written) return std::nullopt;  // its end is still to come
  RxBuffer* buffer = port().take();
  if (!buffer) return std::nullopt;
  std::memcpy(buffer->data, all.data() + at_ + header::kBytes, length - kFcsBytes);
  at_ = (at_ + taken) % kRxBytes;
  unread_ = written - taken;
  behind_ = true;
  return Arrival{buffer, length - kFcsBytes};
}

/// CAPR stays 16 bytes behind (§6.9). Bits of ISR are cleared by ones: a receiver that ran out of
/// room goes on then.
void Device::taken() {
  if (!behind_) return;
  behind_ = false;
  io_->write(reg::kCapr, uint16_t(at_ - 16), 2);
  io_->write(reg::kIsr, 0xffff, 2);
}

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  return attached<Device>(TRY(card_ports(function)), chip, resources.platform);
}

}  // namespace hawser::rtl8139
