// PCI configuration space: where a function sits, and how its registers are reached.
// PCI Local Bus Specification 3.0 §6.
#pragma once

#include <compare>
#include <cstdint>

namespace hawser::pci {

struct Address {
  uint8_t bus = 0, device = 0, function = 0;
  constexpr auto operator<=>(const Address&) const = default;
  /// segment << 16 | bus << 8 | device << 3 | function; the segment is always 0.
  constexpr uint32_t location() const {
    return uint32_t{bus} << 8 | uint32_t{device} << 3 | function;
  }
};

/// Access to the first 256 bytes of every function's configuration space. Reads of functions that
/// do not exist give all ones; writes to them vanish.
class Config {
 public:
  virtual ~Config() = default;
  /// `offset` is a multiple of 4.
  virtual uint32_t read32(Address at, uint8_t offset) = 0;
  virtual void write32(Address at, uint8_t offset, uint32_t value) = 0;
  /// `offset` is a multiple of 2. Not made of write32(): the status register beside the command
  /// register clears bits that are written as one.
  virtual void write16(Address at, uint8_t offset, uint16_t value) = 0;

  uint16_t read16(Address at, uint8_t offset) {
    return uint16_t(read32(at, offset & 0xfc) >> (offset & 2) * 8);
  }
  uint8_t read8(Address at, uint8_t offset) {
    return uint8_t(read32(at, offset & 0xfc) >> (offset & 3) * 8);
  }
};

/// Configuration mechanism #1: ports CF8h and CFCh (PCI 3.0 §3.2.2.3.2).
class PortConfig final : public Config {
 public:
  uint32_t read32(Address at, uint8_t offset) override;
  void write32(Address at, uint8_t offset, uint32_t value) override;
  void write16(Address at, uint8_t offset, uint16_t value) override;
};

}  // namespace hawser::pci
