#include "drivers/card_io.h"

#include <new>

#include "arch/x86_64/io.h"
#include "src/base/format.h"

namespace hawser {
namespace {

class Ports final : public CardIo {
 public:
  Ports(uint16_t base, const pci::Function& function) : base_(base), function_(function) {}
  uint32_t read(uint32_t offset, unsigned bytes) override {
    auto port = uint16_t(base_ + offset);
    return bytes == 1 ? in8(port) : bytes == 2 ? in16(port) : in32(port);
  }
  void write(uint32_t offset, uint32_t value, unsigned bytes) override {
    auto port = uint16_t(base_ + offset);
    if (bytes == 1) out8(port, uint8_t(value));
    else if (bytes == 2) out16(port, uint16_t(value));
    else out32(port, value);
  }
  void bus_master(bool on) override { function_.set_bus_master(on); }

 private:
  uint16_t base_;
  pci::Function function_;
};

/// All registers are 32 bits wide.
class Memory final : public CardIo {
 public:
  /// `high`: what begins at offset kBar0, if there is such a thing.
  Memory(uint8_t* low, uint8_t* high, const pci::Function& function)
      : low_(low), high_(high), function_(function) {}
  uint32_t read(uint32_t offset, unsigned) override { return *at(offset); }
  void write(uint32_t offset, uint32_t value, unsigned) override { *at(offset) = value; }
  void bus_master(bool on) override { function_.set_bus_master(on); }

 private:
  volatile uint32_t* at(uint32_t offset) {
    return reinterpret_cast<volatile uint32_t*>(offset < kBar0 ? low_ + offset
                                                               : high_ + (offset - kBar0));
  }
  uint8_t *low_, *high_;
  pci::Function function_;
};

Result<std::unique_ptr<CardIo>> made(CardIo* io) {
  if (!io) return Error{Errc::NoMemory, "no memory for the driver"};
  return std::unique_ptr<CardIo>{io};
}

Result<uint8_t*> mapped(const pci::Function& function, unsigned bar, Platform& platform,
                        uint64_t bytes) {
  Phys at = TRY(function.memory_bar(bar));
  uint8_t* registers = platform.map_mmio(at, bytes);
  if (!registers) return Error{Errc::Device, cat("registers at 0x", hex(at), " cannot be mapped")};
  return registers;
}

}  // namespace

Result<std::unique_ptr<CardIo>> card_ports(const pci::Function& function) {
  uint16_t base = TRY(function.io_bar(0));
  function.set_io_decode(true);
  return made(new (std::nothrow) Ports{base, function});
}

Result<std::unique_ptr<CardIo>> card_memory(const pci::Function& function, Platform& platform,
                                            uint64_t bytes) {
  uint8_t* bar0 = TRY(mapped(function, 0, platform, bytes));
  function.set_memory_decode(true);
  return made(new (std::nothrow) Memory{bar0, nullptr, function});
}

Result<std::unique_ptr<CardIo>> card_memory_pair(const pci::Function& function, Platform& platform,
                                                 uint64_t bytes) {
  uint8_t* bar0 = TRY(mapped(function, 0, platform, bytes));
  uint8_t* bar1 = TRY(mapped(function, 1, platform, bytes));
  function.set_memory_decode(true);
  return made(new (std::nothrow) Memory{bar1, bar0, function});
}

}  // namespace hawser
