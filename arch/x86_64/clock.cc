// TSC clock: see clock.h. 8254 and port 61h: Intel 82371AB (PIIX4) datasheet §8.3, §4.2.
#include "arch/x86_64/clock.h"

#include "arch/x86_64/io.h"

namespace hawser::clock {
namespace {

constexpr uint64_t kTimerHz = 1'193'182;
constexpr uint16_t kTimerChannel2 = 0x42, kTimerMode = 0x43, kSpeakerPort = 0x61;
constexpr uint8_t kGate2 = 1, kSpeaker = 2, kOut2 = 0x20;
constexpr uint16_t kTicks = 11932;         // 10 ms
constexpr uint64_t kFallbackPerUs = 1000;  // a timer that never fires: assume 1 GHz

uint64_t start = 0;
uint64_t cycles_per_ms = kFallbackPerUs * 1000;

/// Cycles that `kTicks` of the timer take, or 0 when its output never rises.
uint64_t measure() {
  uint8_t speaker = in8(kSpeakerPort);
  out8(kSpeakerPort, uint8_t((speaker & ~kSpeaker) | kGate2));
  out8(kTimerMode, 0xb0);  // channel 2, low then high byte, mode 0
  out8(kTimerChannel2, kTicks & 0xff);
  out8(kTimerChannel2, kTicks >> 8);
  uint64_t began = rdtsc();
  uint64_t taken = 0;
  for (int polls = 0; polls < 200'000 && !taken; ++polls)
    if (in8(kSpeakerPort) & kOut2) taken = rdtsc() - began;
  out8(kSpeakerPort, speaker);
  return taken;
}

}  // namespace

void init() { init(measure() * kTimerHz / kTicks / 1000); }

void init(uint64_t cycles_in_a_ms) {
  if (cycles_in_a_ms) cycles_per_ms = cycles_in_a_ms;
  start = rdtsc();
}

uint64_t now_us() {
  uint64_t cycles = rdtsc() - start;
  return cycles / cycles_per_ms * 1000 + cycles % cycles_per_ms * 1000 / cycles_per_ms;
}

void spin_us(uint64_t us) {
  for (uint64_t end = now_us() + us; now_us() < end;) asm volatile("pause");
}

}  // namespace hawser::clock
