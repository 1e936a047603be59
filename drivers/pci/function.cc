#include "drivers/pci/function.h"

#include "src/base/format.h"

namespace hawser::pci {
namespace {

constexpr uint32_t kIoBar = 1u << 0;
constexpr uint32_t kBarType = 3u << 1, kBar32 = 0u << 1, kBar64 = 2u << 1;  // §6.2.5.1
constexpr uint32_t kBarFlags = 0xf;
constexpr uint8_t kMultiFunction = 0x80;
constexpr uint16_t kNoVendor = 0xffff;
constexpr uint32_t kHasCapabilities = 1u << (16 + 4);  // of the status register, above command
constexpr uint16_t kMsiXEnable = 1u << 15;

Error bad_bar(unsigned index, std::string_view why) {
  return {Errc::Device, cat("PCI base address register ", index, " ", why)};
}

}  // namespace

Result<Phys> Function::memory_bar(unsigned index) const {
  auto bad = [&](std::string_view why) { return bad_bar(index, why); };
  auto offset = uint8_t(kBaseAddress0 + 4 * index);
  uint32_t low = config_->read32(at_, offset);
  if (low & kIoBar) return bad("is I/O space, not memory");
  uint32_t type = low & kBarType;
  if (type != kBar32 && type != kBar64) return bad("has a reserved type");
  if (type == kBar64 && index >= 5) return bad("claims 64 bits but is the last one");
  Phys address = low & ~kBarFlags;
  if (type == kBar64) address |= uint64_t{config_->read32(at_, uint8_t(offset + 4))} << 32;
  if (address == 0) return bad("was left unassigned by the firmware");
  return address;
}

Result<uint16_t> Function::io_bar(unsigned index) const {
  uint32_t value = config_->read32(at_, uint8_t(kBaseAddress0 + 4 * index));
  if (!(value & kIoBar)) return bad_bar(index, "is memory, not I/O space");
  value &= ~uint32_t{3};
  if (value == 0) return bad_bar(index, "was left unassigned by the firmware");
  if (value > 0xffff) return bad_bar(index, "lies above the ports of an x86 processor");
  return uint16_t(value);
}

std::optional<uint8_t> Function::capability(uint8_t id, uint8_t after) const {
  constexpr int kMost = 48;  // four bytes each, behind the header
  constexpr uint8_t kHeaderBytes = 0x40;
  if (!(read32(kCommand) & kHasCapabilities)) return std::nullopt;
  bool found = after == 0;
  uint32_t at = config_->read8(at_, kCapabilities) & 0xfc;
  for (int i = 0; i < kMost && at >= kHeaderBytes; ++i) {
    uint32_t head = read32(uint8_t(at));
    if (found && uint8_t(head) == id) return uint8_t(at);
    found |= at == after;
    at = head >> 8 & 0xfc;
  }
  return std::nullopt;
}

void Function::disable_msix() const {
  auto at = capability(kMsiX);
  if (!at) return;
  auto control_at = uint8_t(*at + 2);
  uint16_t control = config_->read16(at_, control_at);
  if (control & kMsiXEnable) config_->write16(at_, control_at, control & ~kMsiXEnable);
}

void Function::set_bus_master(bool on) const {
  if (on) set_command(kInterruptDisable, true);
  set_command(kBusMaster, on);
  if (!on) set_command(kInterruptDisable, false);
}

void Function::set_command(uint16_t bits, bool on) const {
  uint16_t command = config_->read16(at_, kCommand);
  uint16_t wanted = on ? command | bits : uint16_t(command & ~bits);
  if (wanted != command) config_->write16(at_, kCommand, wanted);
}

void for_each_function(Config& config, const std::function<void(const Function&)>& visit) {
  for (unsigned bus = 0; bus < 256; ++bus) {
    for (unsigned device = 0; device < 32; ++device) {
      unsigned functions = 1;
      for (unsigned function = 0; function < functions; ++function) {
        Address at{uint8_t(bus), uint8_t(device), uint8_t(function)};
        uint32_t id = config.read32(at, kVendorId);
        if (uint16_t(id) == kNoVendor) continue;
        if (function == 0 && (config.read8(at, kHeaderType) & kMultiFunction)) functions = 8;
        visit(Function{config, at, uint16_t(id), uint16_t(id >> 16)});
      }
    }
  }
}

}  // namespace hawser::pci
