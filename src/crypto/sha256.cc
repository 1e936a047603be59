#include "src/crypto/sha256.h"

#include <cpuid.h>

#include <bit>
#include <cstddef>
#include <cstring>

#include "mbedtls/sha256.h"
#include "src/base/bytes.h"

namespace hawser::sha256 {
namespace {

// FIPS 180-4 §4.2.2.
alignas(16) constexpr uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

using Vector = uint32_t __attribute__((vector_size(16)));
using ByteVector = uint8_t __attribute__((vector_size(16)));
using Int = int __attribute__((vector_size(16)));  // what the compiler's built-in functions take

}  // namespace

void plain_block(uint32_t hash[8], const uint8_t block[64]) {
  uint32_t w[64];
  for (size_t t = 0; t < 16; ++t) {
    uint32_t word;
    std::memcpy(&word, block + 4 * t, 4);
    w[t] = byte_swap(word);
  }
  for (size_t t = 16; t < 64; ++t) {
    uint32_t a = w[t - 15], b = w[t - 2];
    uint32_t small0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3);
    uint32_t small1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10);
    w[t] = w[t - 16] + small0 + w[t - 7] + small1;
  }
  uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3];
  uint32_t e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  for (size_t t = 0; t < 64; ++t) {
    uint32_t big1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    uint32_t big0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    uint32_t t1 = h + big1 + ((e & f) ^ (~e & g)) + kRounds[t] + w[t];
    uint32_t t2 = big0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const uint32_t worked[8] = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < 8; ++i) hash[i] += worked[i];
}

/// Intel SDM volume 2, SHA256RNDS2: two rounds on the halves (a, b, e, f) and (c, d, g, h) of the
/// hash, each with its first word on top.
__attribute__((target("sha,sse4.1,ssse3"))) void fast_block(uint32_t hash[8],
                                                            const uint8_t block[64]) {
  Vector abef{hash[5], hash[4], hash[1], hash[0]};
  Vector cdgh{hash[7], hash[6], hash[3], hash[2]};
  const Vector abef_before = abef, cdgh_before = cdgh;
  Vector w[4];  // the last 16 words of the schedule
  for (size_t four = 0; four < 16; ++four) {
    Vector& now = w[four % 4];
    if (four < 4) {
      ByteVector raw;
      std::memcpy(&raw, block + 16 * four, sizeof raw);
      now = Vector(__builtin_shufflevector(raw, raw, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13,
                                           12));
    } else {
      Vector &after = w[(four + 1) % 4], &third = w[(four + 2) % 4], &last = w[(four + 3) % 4];
      Vector part = Vector(__builtin_ia32_sha256msg1(Int(now), Int(after)));
      part += __builtin_shufflevector(third, last, 1, 2, 3, 4);  // w[t - 7]
      now = Vector(__builtin_ia32_sha256msg2(Int(part), Int(last)));
    }
    Vector constants;
    std::memcpy(&constants, &kRounds[4 * four], sizeof constants);
    Vector words = now + constants;
    cdgh = Vector(__builtin_ia32_sha256rnds2(Int(cdgh), Int(abef), Int(words)));
    words = __builtin_shufflevector(words, words, 2, 3, 2, 3);
    abef = Vector(__builtin_ia32_sha256rnds2(Int(abef), Int(cdgh), Int(words)));
  }
  abef += abef_before;
  cdgh += cdgh_before;
  for (size_t i = 0; i < 2; ++i) {
    hash[i] = abef[3 - i];
    hash[2 + i] = cdgh[3 - i];
    hash[4 + i] = abef[1 - i];
    hash[6 + i] = cdgh[1 - i];
  }
}

bool has_instructions() {
  constexpr uint32_t kSsse3 = 1u << 9, kSse41 = 1u << 19, kSha = 1u << 29;
  uint32_t eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & kSsse3) || !(ecx & kSse41)) return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & kSha);
}

}  // namespace hawser::sha256

/// mbedTLS's inner function (MBEDTLS_SHA256_PROCESS_ALT).
extern "C" int mbedtls_internal_sha256_process(mbedtls_sha256_context* context,
                                               const unsigned char block[64]) {
  static const bool fast = hawser::sha256::has_instructions();
  auto work = fast ? hawser::sha256::fast_block : hawser::sha256::plain_block;
  work(context->MBEDTLS_PRIVATE(state), block);
  return 0;
}
