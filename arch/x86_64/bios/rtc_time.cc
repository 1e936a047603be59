// Real-time clock registers: see rtc_time.h.
#include "arch/x86_64/bios/rtc_time.h"

#include "arch/x86_64/calendar.h"

namespace hawser::bios {

using namespace rtc;

namespace {

/// -1 when not a decimal digit pair.
int plain(uint8_t value, bool binary) {
  if (binary) return value;
  if ((value & 15) > 9 || value >> 4 > 9) return -1;
  return (value >> 4) * 10 + (value & 15);
}

}  // namespace

std::optional<int64_t> rtc_seconds(const RtcRegisters& r) {
  bool binary = r.reg[kStatusB] & kBinary;
  int second = plain(r.reg[kSeconds], binary), minute = plain(r.reg[kMinutes], binary);
  bool afternoon = !(r.reg[kStatusB] & k24Hours) && (r.reg[kHours] & kAfternoon);
  uint8_t hour_register = r.reg[kHours];
  if (!(r.reg[kStatusB] & k24Hours)) hour_register &= uint8_t(~kAfternoon);
  int hour = plain(hour_register, binary);
  if (!(r.reg[kStatusB] & k24Hours)) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (afternoon ? 12 : 0);
  }
  int day = plain(r.reg[kDay], binary), month = plain(r.reg[kMonth], binary);
  int year = plain(r.reg[kYear], binary), century = plain(r.century, binary);
  if (second < 0 || second > 59 || minute < 0 || minute > 59 || hour < 0 || hour > 23 || day < 1 ||
      day > 31 || month < 1 || month > 12 || year < 0 || year > 99)
    return std::nullopt;
  if (century < 19 || century > 22) century = 20;
  return days_since_1970(century * 100 + year, month, day) * 86400 + hour * 3600 + minute * 60 +
         second;
}

}  // namespace hawser::bios
