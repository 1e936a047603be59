// Health checks of noise sources.
#include "arch/x86_64/noise.h"

#include <gtest/gtest.h>

namespace hawser {
namespace {

TEST(NoiseHealth, ASourceThatIsStuckFails) {
  NoiseHealth health;
  for (unsigned i = 0; i < NoiseHealth::kMostRepeats; ++i) health.take(7);
  EXPECT_TRUE(health.healthy());
  health.take(7);
  EXPECT_FALSE(health.healthy());
  health.take(8);
  EXPECT_FALSE(health.healthy()) << "it stays so";
}

TEST(NoiseHealth, ASourceThatMostlySaysTheSameFails) {
  NoiseHealth health;
  for (unsigned i = 0; i < NoiseHealth::kWindow; ++i) health.take(i % 10 == 9 ? i : 1);
  EXPECT_FALSE(health.healthy());
}

TEST(NoiseHealth, ASourceThatVariesPasses) {
  NoiseHealth health;
  uint32_t state = 1;
  for (unsigned i = 0; i < 100 * NoiseHealth::kWindow; ++i) {
    state = state * 1664525 + 1013904223;
    health.take(state >> 30);  // one of four values
  }
  EXPECT_TRUE(health.healthy());
}

}  // namespace
}  // namespace hawser
