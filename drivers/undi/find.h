// Finding the PXE API in memory (PXE 2.1 §4.4.3 and §3.1): the structures !PXE and PXENV+.
#pragma once

#include <functional>
#include <span>

#include "drivers/undi/rom.h"
#include "src/base/result.h"

namespace hawser::undi {

/// Where calls enter the ROM.
struct Entry {
  FarPointer at;
  /// True: !PXE, parameters on the stack. False: PXENV+, opcode in BX and parameters at ES:DI.
  bool on_stack = true;
};

/// As Rom::read().
using ReadMemory = std::function<bool(FarPointer, MutBytes)>;

/// The API's entry, from what a ROM passed to its boot program: `pxe` is where !PXE should be, and
/// `pxenv` hold where PXENV+ might be, best first. !PXE wins; a PXENV+ may tell where it is.
/// Errors: Device, telling what was wrong with each structure.
Result<Entry> find_entry(const ReadMemory& read, FarPointer pxe, std::span<const FarPointer> pxenv);

}  // namespace hawser::undi
