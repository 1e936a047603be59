// Reads the CMOS real-time clock.
#pragma once

#include <cstdint>
#include <optional>

namespace hawser::bios {

/// Seconds since 1970 UTC, read between two updates; waits at most some milliseconds. Nothing when
/// the clock holds no valid date.
std::optional<int64_t> read_rtc();

}  // namespace hawser::bios
