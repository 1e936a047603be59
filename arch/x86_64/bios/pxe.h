// The PXE ROM that loaded us: its API, and the way back to it. PXE 2.1 §3 and §4.4.
#pragma once

#include <memory>

#include "arch/x86_64/bios/low_block.h"
#include "drivers/undi/find.h"
#include "drivers/undi/rom.h"
#include "src/base/result.h"

namespace hawser::bios {

class PxeRom final : public undi::Rom {
 public:
  /// Finds the API by what the ROM passed to us. Errors: Device, when it is not where it should be.
  static Result<std::unique_ptr<PxeRom>> find(const StartInfo& start);

  uint16_t call(uint16_t function, MutBytes parameters) override;
  bool read(undi::FarPointer from, MutBytes to) override;
  Buffer buffer() override;
  bool mask_interrupt(uint8_t irq, bool keep) override;

 private:
  explicit PxeRom(const undi::Entry& entry) : entry_(entry) {}
  undi::Entry entry_;
};

}  // namespace hawser::bios
