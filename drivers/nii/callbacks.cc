#include "drivers/nii/callbacks.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hawser::nii {
namespace {

using efi::undi::StartCpb;

constexpr uint64_t kMostDelayUs = 10'000'000;

Callbacks& of(uint64_t context) { return *reinterpret_cast<Callbacks*>(context); }

}  // namespace

StartCpb Callbacks::table() {
  find_bars();
  StartCpb table{};
  table.delay = [](uint64_t context, uint64_t us)
                    EFIAPI { of(context).boot_.stall(std::min(us, kMostDelayUs)); };
  table.block = [](uint64_t context, uint32_t enable) EFIAPI {
    Callbacks& self = of(context);
    // There is one processor, so what could interfere is an event of the UNDI's own.
    if (!enable) self.unblock();
    else if (!self.is_blocked_) self.priority_ = self.boot_.raise_tpl(efi::kTplNotify);
    self.is_blocked_ = enable != 0;
  };
  table.to_physical = [](uint64_t, uint64_t address, uint64_t* physical) EFIAPI {
    *physical = address;  // UEFI maps all memory at its own address (§2.3.4)
  };
  table.access = [](uint64_t context, uint8_t kind, uint8_t bytes, uint64_t port, void* data)
                     EFIAPI { of(context).access(kind, bytes, port, data); };
  table.map = [](uint64_t context, uint64_t address, uint32_t bytes, uint32_t direction,
                 uint64_t* device) EFIAPI { *device = of(context).map(address, bytes, direction); };
  table.unmap = [](uint64_t context, uint64_t, uint32_t, uint32_t, uint64_t device) EFIAPI {
    if (Mapping* mapping = of(context).find(device)) of(context).unmap(*mapping);
  };
  table.sync = [](uint64_t context, uint64_t address, uint32_t bytes, uint32_t direction,
                  uint64_t device) EFIAPI { of(context).sync(address, bytes, direction, device); };
  table.context = reinterpret_cast<uint64_t>(this);
  return table;
}

void Callbacks::unblock() {
  if (is_blocked_) boot_.restore_tpl(priority_);
  is_blocked_ = false;
}

void Callbacks::end() {
  unblock();
  for (Mapping& each : mappings_)
    if (each.is_used) unmap(each);
}

/// The first of each kind: an UNDI does not say which it means, so its card has one of each.
void Callbacks::find_bars() {
  constexpr uint32_t kFirst = 0x10, kIo = 1, kWide = 4;  // PCI 3.0 §6.2.5.1
  uint32_t bars[6] = {};
  if (pci_) pci_->read_config(pci_, efi::PciWidth::Uint32, kFirst, std::size(bars), bars);
  for (uint8_t i = std::size(bars); i-- > 0;) {
    bool is_upper_half = i > 0 && (bars[i - 1] & (kIo | kWide)) == kWide;
    if (bars[i] != 0 && !is_upper_half) (bars[i] & kIo ? io_bar_ : memory_bar_) = i;
  }
}

void Callbacks::access(uint8_t kind, uint8_t bytes, uint64_t port, void* data) {
  if (bytes > 8 || !std::has_single_bit(bytes)) return;
  bool io = kind == StartCpb::kIoRead || kind == StartCpb::kIoWrite;
  bool read = kind == StartCpb::kIoRead || kind == StartCpb::kMemoryRead;
  if (read) std::memset(data, 0xff, bytes);
  if (!pci_) return;
  auto call = io ? (read ? pci_->read_io : pci_->write_io)
                 : (read ? pci_->read_memory : pci_->write_memory);
  call(pci_, efi::PciWidth(std::countr_zero(bytes)), io ? io_bar_ : memory_bar_, port, 1, data);
}

/// 0: the card cannot be let reach it.
uint64_t Callbacks::map(uint64_t address, uint32_t bytes, uint32_t direction) {
  if (!pci_) return address;
  auto operation = direction == StartCpb::kToDevice     ? efi::PciOperation::BusMasterRead
                   : direction == StartCpb::kFromDevice ? efi::PciOperation::BusMasterWrite
                                                        : efi::PciOperation::CommonBuffer;
  for (Mapping& each : mappings_) {
    if (each.is_used) continue;
    uint64_t mapped = bytes;
    if (failed(pci_->map(pci_, operation, reinterpret_cast<void*>(address), &mapped, &each.device,
                         &each.token)))
      return 0;
    each.is_used = true;
    each.bytes = bytes;
    if (mapped >= bytes) return each.device;
    unmap(each);
    return 0;
  }
  return 0;
}

Callbacks::Mapping* Callbacks::find(uint64_t device) {
  for (Mapping& each : mappings_)
    if (each.is_used && each.device == device) return &each;
  return nullptr;
}

void Callbacks::unmap(Mapping& mapping) {
  pci_->unmap(pci_, mapping.token);
  mapping.is_used = false;
}

/// Where the card cannot reach the memory itself, PciIo has given it a copy.
void Callbacks::sync(uint64_t address, uint32_t bytes, uint32_t direction, uint64_t device) {
  Mapping* mapping = find(device);
  if (!mapping || bytes > mapping->bytes || address == device) return;
  auto *here = reinterpret_cast<void*>(address), *there = reinterpret_cast<void*>(device);
  if (direction == StartCpb::kFromDevice) std::memmove(here, there, bytes);
  if (direction == StartCpb::kToDevice) std::memmove(there, here, bytes);
  pci_->flush(pci_);
}

}  // namespace hawser::nii
