// Runs PXE network boot programs, with a PXE API of ours beneath them (PXE 2.1 §3, §4.4).
#pragma once

#include <functional>
#include <optional>

#include "arch/x86_64/bios/low_block.h"
#include "src/base/result.h"
#include "src/nbp.h"

namespace hawser::bios {

/// Starts `program` at 0000:7C00 and serves its calls until it returns: the value is its AX.
/// `drive` is what boot sectors find in DL. `writable` tells whether a physical range is RAM and
/// not ours. Errors: NoSpace (too large for base memory).
Result<uint16_t> run_nbp(LowData& low, Bytes program, ProgramServer& server,
                         std::optional<uint8_t> drive,
                         const std::function<bool(uint64_t at, uint64_t bytes)>& writable);

}  // namespace hawser::bios
