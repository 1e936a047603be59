#include "drivers/e1000/probe.h"

#include <new>

#include "src/base/format.h"

namespace hawser::e1000 {
namespace {

/// Registers in memory space, DMA through the PCI command register.
class PciIo {
 public:
  PciIo(volatile uint8_t* base, const pci::Function& function) : base_(base), function_(function) {}
  uint32_t read(uint32_t offset) { return *reinterpret_cast<volatile uint32_t*>(base_ + offset); }
  void write(uint32_t offset, uint32_t value) {
    *reinterpret_cast<volatile uint32_t*>(base_ + offset) = value;
  }
  void bus_master(bool on) { function_.set_bus_master(on); }

 private:
  volatile uint8_t* base_;
  pci::Function function_;
};

}  // namespace

Result<std::unique_ptr<Nic>> probe_family(Family family, const pci::Function& function,
                                          std::string_view chip, const pci::Resources& resources) {
  Phys registers = TRY(function.memory_bar(0));
  uint8_t* base = resources.platform.map_mmio(registers, kRegisterBytes);
  if (!base)
    return Error{Errc::Device, cat("e1000: registers at 0x", hex(registers), " cannot be mapped")};
  function.set_memory_decode(true);
  std::unique_ptr<Device<PciIo>> device{
      new (std::nothrow) Device<PciIo>{PciIo{base, function}, family, chip, resources.platform}};
  if (!device) return Error{Errc::NoMemory, "e1000: no memory for the driver"};
  TRY(device->attach());
  return std::unique_ptr<Nic>{std::move(device)};
}

}  // namespace hawser::e1000
