// The CMOS real-time clock (Motorola MC146818A).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace hawser::bios {

/// The clock's registers 0 to 0Bh, and the century byte (0 if unknown), as read.
struct RtcRegisters {
  uint8_t reg[12] = {};
  uint8_t century = 0;
};

/// Seconds since 1970 UTC (the clock is taken to run on UTC); nothing when a field is out of range.
std::optional<int64_t> rtc_seconds(const RtcRegisters& registers);

/// Reads the clock between two updates; waits at most some milliseconds.
std::optional<int64_t> read_rtc();

}  // namespace hawser::bios
