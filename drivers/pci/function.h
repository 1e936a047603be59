// PCI functions: finding them all, their base addresses, and switching them on and off.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "drivers/pci/config.h"
#include "src/base/result.h"
#include "src/memory_map.h"

namespace hawser::pci {

/// Offsets of a type 0 header (PCI 3.0 §6.1).
inline constexpr uint8_t kVendorId = 0x00, kDeviceId = 0x02, kCommand = 0x04, kClassRevision = 0x08,
                         kHeaderType = 0x0e, kBaseAddress0 = 0x10, kCapabilities = 0x34;
/// Bits of the command register (§6.2.2).
inline constexpr uint16_t kIoSpace = 1u << 0, kMemorySpace = 1u << 1, kBusMaster = 1u << 2,
                          kInterruptDisable = 1u << 10;
/// Capability identifiers (§6.7, appendix H).
inline constexpr uint8_t kVendorSpecific = 0x09, kMsiX = 0x11;

/// One PCI function that exists. A handle: `config` is borrowed for its whole life.
class Function {
 public:
  Function(Config& config, Address at, uint16_t vendor, uint16_t device)
      : config_(&config), at_(at), vendor_(vendor), device_(device) {}

  Address at() const { return at_; }
  uint16_t vendor() const { return vendor_; }
  uint16_t device() const { return device_; }
  /// Base class << 8 | sub-class; 0x0200 is an Ethernet controller.
  uint16_t device_class() const { return config_->read16(at_, kClassRevision + 2); }

  /// Physical address of memory BAR `index` (0 to 5), 32 or 64 bits wide.
  /// Errors: Device when it is an I/O BAR, was left unassigned by the firmware, or is malformed.
  Result<Phys> memory_bar(unsigned index) const;

  /// First port of I/O BAR `index` (0 to 5). Errors: Device, as for memory_bar().
  Result<uint16_t> io_bar(unsigned index) const;

  /// Offset of the first capability `id` in configuration space, or of the next one when `after`
  /// is the offset of one; nothing when there is no more. Ends on lists that are circular.
  std::optional<uint8_t> capability(uint8_t id, uint8_t after = 0) const;
  /// Configuration space; `offset` is a multiple of 4.
  uint32_t read32(uint8_t offset) const { return config_->read32(at_, offset); }
  /// Interrupts by MSI-X off: some devices move their registers while they are on.
  void disable_msix() const;

  void set_memory_decode(bool on) const { set_command(kMemorySpace, on); }
  void set_io_decode(bool on) const { set_command(kIoSpace, on); }
  /// Lets the function reach memory by itself (DMA), or stops it. Its INTx line is masked as
  /// well while it is on: drivers poll.
  void set_bus_master(bool on) const;

 private:
  void set_command(uint16_t bits, bool on) const;

  Config* config_;
  Address at_;
  uint16_t vendor_, device_;
};

/// Calls `visit` for every function of every bus 0 to 255, in order of location. All buses are
/// asked rather than those behind bridges only: machines with several root buses do not tell of
/// the others in configuration space.
void for_each_function(Config& config, const std::function<void(const Function&)>& visit);

}  // namespace hawser::pci
