// Noise for keys: the processor's generator, else the jitter of its clocks.
#pragma once

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser {

/// As Platform::entropy(). RDSEED or RDRAND (Intel SDM volume 1, §7.3.17) where CPUID has them and
/// they pass; else, and mixed in, the time-stamp counter against reads of slow ports. Takes about
/// 30 us for each byte.
Status collect_entropy(MutBytes out);

}  // namespace hawser
