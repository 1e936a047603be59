// Decodes the registers of the CMOS real-time clock (Motorola MC146818A). Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace hawser::bios {

/// The clock's registers 0 to 0Bh, and the century byte (0 if unknown), as read.
struct RtcRegisters {
  uint8_t reg[12] = {};
  uint8_t century = 0;
};

namespace rtc {
inline constexpr uint8_t kSeconds = 0, kMinutes = 2, kHours = 4, kDay = 7, kMonth = 8, kYear = 9,
                         kStatusA = 10, kStatusB = 11, kCentury = 0x32;
inline constexpr uint8_t kUpdating = 0x80, kBinary = 4, k24Hours = 2, kAfternoon = 0x80;
}  // namespace rtc

/// Seconds since 1970 UTC (the clock is taken to run on UTC); nothing when a field is out of range.
std::optional<int64_t> rtc_seconds(const RtcRegisters& registers);

}  // namespace hawser::bios
