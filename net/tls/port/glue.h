// What mbedTLS asks the machine for: time, and random numbers from one generator (CTR-DRBG, NIST
// SP 800-90A) that the Platform's noise seeds.
#pragma once

#include <cstddef>

#include "src/base/result.h"
#include "src/platform.h"

namespace hawser::tls {

/// Takes time and noise from `platform` from now on (borrowed until the next call) and seeds the
/// generator. Errors: Unsupported (no noise source that can be trusted), NoMemory.
Status attach_mbedtls(Platform& platform);

/// Random bytes for mbedTLS's `f_rng` parameters; the context is not used. 0, or an error of mbedTLS.
int random_bytes(void*, unsigned char* out, size_t bytes);

}  // namespace hawser::tls
