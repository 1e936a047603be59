// memcpy and family of the freestanding build, under other names, against the plainest loops.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#define memcpy core_memcpy
#define memmove core_memmove
#define memset core_memset
#define memcmp core_memcmp
#include "arch/x86_64/libc/memory.cc"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

namespace {

constexpr size_t kMost = 200;  // beyond each of the steps of 64, 16, 8, 4 and 2 bytes

std::vector<uint8_t> noise(size_t bytes) {
  static std::mt19937 random{7};
  std::vector<uint8_t> out(bytes);
  for (uint8_t& byte : out) byte = uint8_t(random());
  return out;
}

TEST(LibcMemory, CopyTakesExactlyItsBytes) {
  for (size_t bytes = 0; bytes <= kMost; ++bytes) {
    auto from = noise(bytes), to = noise(bytes + 2), want = to;
    for (size_t i = 0; i < bytes; ++i) want[i + 1] = from[i];
    EXPECT_EQ(core_memcpy(to.data() + 1, from.data(), bytes), to.data() + 1);
    ASSERT_EQ(to, want) << bytes;
  }
}

TEST(LibcMemory, MoveSurvivesEveryOverlap) {
  for (size_t bytes = 0; bytes <= kMost; ++bytes) {
    for (int shift = -80; shift <= 80; ++shift) {
      auto memory = noise(kMost + 200), want = memory;
      for (size_t i = 0; i < bytes; ++i) want[100 + shift + i] = memory[100 + i];
      core_memmove(memory.data() + 100 + shift, memory.data() + 100, bytes);
      ASSERT_EQ(memory, want) << bytes << " bytes by " << shift;
    }
  }
}

TEST(LibcMemory, SetFillsExactlyItsBytes) {
  for (size_t bytes = 0; bytes <= kMost; ++bytes) {
    auto memory = noise(bytes + 2), want = memory;
    for (size_t i = 0; i < bytes; ++i) want[i + 1] = 0xa5;
    core_memset(memory.data() + 1, 0x3a5, bytes);  // only the low byte counts (C11 §7.24.6.1)
    ASSERT_EQ(memory, want) << bytes;
  }
}

TEST(LibcMemory, CompareFindsTheFirstDifference) {
  for (size_t bytes = 1; bytes <= kMost; ++bytes) {
    auto left = noise(bytes), right = left;
    EXPECT_EQ(core_memcmp(left.data(), right.data(), bytes), 0);
    for (size_t at = 0; at < bytes; ++at) {
      left[at] = 0x7f;
      right[at] = 0x80;
      right[bytes - 1] = at + 1 < bytes ? 0 : 0x80;  // a later difference must not count
      ASSERT_LT(core_memcmp(left.data(), right.data(), bytes), 0) << bytes << " at " << at;
      ASSERT_GT(core_memcmp(right.data(), left.data(), bytes), 0) << bytes << " at " << at;
      right = left;
    }
  }
}

}  // namespace
