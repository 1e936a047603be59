// How the registers of a card are reached: by I/O ports, or in memory; tests have models of cards.
#pragma once

#include <cstdint>
#include <memory>

#include "drivers/pci/function.h"
#include "src/base/result.h"
#include "src/platform.h"

namespace hawser {

class CardIo {
 public:
  virtual ~CardIo() = default;
  /// `bytes` of a register: 1, 2 or 4.
  virtual uint32_t read(uint32_t offset, unsigned bytes) = 0;
  virtual void write(uint32_t offset, uint32_t value, unsigned bytes) = 0;
  /// Lets the card reach memory, or stops it.
  virtual void bus_master(bool on) = 0;
};

/// The ports of I/O BAR 0, which are switched on. Errors: Device, NoMemory.
Result<std::unique_ptr<CardIo>> card_ports(const pci::Function& function);

/// The first `bytes` of memory BAR 0, which is switched on. Errors: Device, NoMemory.
Result<std::unique_ptr<CardIo>> card_memory(const pci::Function& function, Platform& platform,
                                            uint64_t bytes);

/// Offsets from here on are in memory BAR 0, those below in memory BAR 1.
inline constexpr uint32_t kBar0 = 0x10000;
/// The first `bytes` of both.
Result<std::unique_ptr<CardIo>> card_memory_pair(const pci::Function& function, Platform& platform,
                                                 uint64_t bytes);

}  // namespace hawser
