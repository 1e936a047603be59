#include "drivers/card_io.h"

#include <new>

#include "arch/x86_64/io.h"

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
  Memory(uint8_t* bar0, uint8_t* bar1, const pci::Function& function)
      : bar0_(bar0), bar1_(bar1), function_(function) {}
  uint32_t read(uint32_t offset, unsigned) override { return *at(offset); }
  void write(uint32_t offset, uint32_t value, unsigned) override { *at(offset) = value; }
  void bus_master(bool on) override { function_.set_bus_master(on); }

 private:
  volatile uint32_t* at(uint32_t offset) {
    return reinterpret_cast<volatile uint32_t*>(offset < kBar0 ? bar1_ + offset
                                                               : bar0_ + (offset - kBar0));
  }
  uint8_t *bar0_, *bar1_;
  pci::Function function_;
};

Result<std::unique_ptr<CardIo>> made(CardIo* io) {
  if (!io) return Error{Errc::NoMemory, "no memory for the driver"};
  return std::unique_ptr<CardIo>{io};
}

}  // namespace

Result<std::unique_ptr<CardIo>> card_ports(const pci::Function& function) {
  uint16_t base = TRY(function.io_bar(0));
  function.set_io_decode(true);
  return made(new (std::nothrow) Ports{base, function});
}

Result<std::unique_ptr<CardIo>> card_memory(const pci::Function& function, Platform& platform,
                                            uint64_t bytes) {
  uint8_t* bar0 = platform.map_mmio(TRY(function.memory_bar(0)), bytes);
  uint8_t* bar1 = platform.map_mmio(TRY(function.memory_bar(1)), bytes);
  if (!bar0 || !bar1) return Error{Errc::Device, "its registers cannot be mapped"};
  function.set_memory_decode(true);
  return made(new (std::nothrow) Memory{bar0, bar1, function});
}

}  // namespace hawser
