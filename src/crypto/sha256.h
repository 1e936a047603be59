// SHA-256's inner function (FIPS 180-4 §6.2.2), which takes most of the time of digests and of TLS
// without AES.
#pragma once

#include <cstdint>

namespace hawser::sha256 {

/// Works one block of 64 bytes into the hash. Does the same by plain code and by Intel's SHA
/// extensions, which only processors with has_instructions() have.
void plain_block(uint32_t hash[8], const uint8_t block[64]);
void fast_block(uint32_t hash[8], const uint8_t block[64]);

/// Intel SDM volume 2, CPUID: SHA (leaf 7, EBX bit 29), SSE4.1 and SSSE3.
bool has_instructions();

}  // namespace hawser::sha256
