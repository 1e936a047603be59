// Time from the time-stamp counter, calibrated once against the 8254 timer's channel 2.
#pragma once

#include <cstdint>

namespace hawser::clock {

/// Measures the counter's frequency; takes about 10 ms. Time counts from here.
void init();
/// The same with a frequency that somebody else measured; 0 counts as unknown.
void init(uint64_t cycles_in_a_ms);
/// Microseconds since init(), monotonic.
uint64_t now_us();
/// Spins; for hardware delays only.
void spin_us(uint64_t us);

}  // namespace hawser::clock
