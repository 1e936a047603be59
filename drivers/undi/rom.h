// What the UNDI driver needs of a PXE ROM: calls of its API, and the base memory that both see.
// Implemented by arch/x86_64/bios/pxe.h, and by a made-up ROM in the unit tests.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"

namespace hawser::undi {

/// A real-mode address, as PXE structures hold it (PXE 2.1 §3.1, SEGOFF16).
struct [[gnu::packed]] FarPointer {
  uint16_t offset = 0, segment = 0;
  constexpr uint32_t linear() const { return uint32_t{segment} * 16 + offset; }
  constexpr FarPointer operator+(uint16_t bytes) const {
    return {uint16_t(offset + bytes), segment};
  }
};
static_assert(sizeof(FarPointer) == 4);

class Rom {
 public:
  virtual ~Rom() = default;

  /// Calls a function of the API. `parameters` is its parameter block, at most 256 bytes, copied in
  /// and out. Returns AX: 0 is success (PXE 2.1 §3.1).
  virtual uint16_t call(uint16_t function, MutBytes parameters) = 0;
  /// Set: is told of each call before it is made, but for repeated ones.
  std::function<void(std::string_view name)> on_call;

  bool hung = false;  ///< a call did not return in time: the ROM is not called any more
  std::optional<uint16_t> last_call;  ///< function of the last one

  /// Copies from base memory. False, with nothing copied, when the range is not RAM below 1 MiB.
  virtual bool read(FarPointer from, MutBytes to) = 0;

  /// Base memory that is the driver's own, at least 16 KiB, all of it in one segment.
  struct Buffer {
    MutBytes bytes;
    FarPointer at;
  };
  virtual Buffer buffer() = 0;

  /// Keeps the interrupt from the CPU, or lets it through again. Returns how it was: true if kept.
  virtual bool mask_interrupt(uint8_t irq, bool keep) = 0;
};

}  // namespace hawser::undi
