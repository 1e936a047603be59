// Reads the CMOS real-time clock: see rtc.h.
#include "arch/x86_64/bios/rtc.h"

#include <cstring>

#include "arch/x86_64/bios/rtc_time.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/io.h"

namespace hawser::bios {
namespace {

uint8_t read_cmos(uint8_t index) {
  out8(0x70, index);
  return in8(0x71);
}

RtcRegisters read_all() {
  RtcRegisters r;
  for (uint64_t end = clock::now_us() + 5000; clock::now_us() < end;)
    if (!(read_cmos(rtc::kStatusA) & rtc::kUpdating)) break;
  for (uint8_t i = 0; i < sizeof r.reg; ++i) r.reg[i] = read_cmos(i);
  r.reg[rtc::kStatusA] = 0;  // changes between two reads
  r.century = read_cmos(rtc::kCentury);
  return r;
}

}  // namespace

std::optional<int64_t> read_rtc() {
  for (int tries = 0; tries < 3; ++tries) {
    RtcRegisters first = read_all(), second = read_all();
    if (std::memcmp(first.reg, second.reg, sizeof first.reg) == 0) return rtc_seconds(second);
  }
  return std::nullopt;
}

}  // namespace hawser::bios
