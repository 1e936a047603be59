// Noise for keys: the processor's generator, else the jitter of its clocks.
#pragma once

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser {

/// As Platform::entropy(). RDSEED or RDRAND (Intel SDM volume 1, §7.3.17) where CPUID has them and
/// they pass; else, and mixed in, the time-stamp counter against reads of slow ports. Takes about
/// 30 us for each byte.
Status collect_entropy(MutBytes out);

/// As Platform::random(): SplitMix64 over whatever differs from boot to boot. `state` is the caller's.
uint64_t next_random(uint64_t& state);

}  // namespace hawser
