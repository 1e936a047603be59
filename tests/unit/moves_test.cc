// The order of moves at hand-over: played on a small memory and compared with what should be there.
#include "arch/x86_64/moves.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace hawser::moves {
namespace {

constexpr size_t kMemory = 4096;

struct Machine {
  std::vector<uint8_t> memory = std::vector<uint8_t>(kMemory);
  Machine() {
    for (size_t i = 0; i < kMemory; ++i) memory[i] = uint8_t(i * 7 + i / 256 + 1);
  }
  void run(const std::vector<Move>& moves) {
    for (const Move& m : moves) {
      ASSERT_LE(m.to + m.bytes + m.zero_bytes, kMemory);
      std::memmove(&memory[m.to], &memory[m.from], m.bytes);
      std::memset(memory.data() + m.to + m.bytes, 0, m.zero_bytes);
    }
  }
};

/// Runs the schedule and compares every destination with the source as it was before.
void expect_placed(const std::vector<Placement>& segments, const std::vector<Range>& free) {
  auto moves = schedule_moves(segments, free);
  ASSERT_TRUE(moves.ok()) << moves.error().text;
  Machine before, after;
  after.run(*moves);
  for (const Placement& p : segments) {
    EXPECT_EQ(std::memcmp(&after.memory[p.to], &before.memory[p.from], p.bytes), 0) << p.to;
    for (Phys at = p.to + p.bytes; at < p.to + p.memory_bytes; ++at)
      ASSERT_EQ(after.memory[at], 0) << "not zeroed at " << at;
  }
}

TEST(Moves, ZeroesBehindACopy) { expect_placed({{100, 1000, 50, 80}}, {}); }

TEST(Moves, SegmentMayOverlapItselfBothWays) {
  expect_placed({{100, 120, 200, 260}}, {});
  expect_placed({{120, 100, 200, 260}}, {});
}

TEST(Moves, SourceUnderAnotherDestinationIsReadFirst) {
  expect_placed({{100, 2000, 300, 300}, {1000, 150, 300, 300}}, {});
}

TEST(Moves, ZeroedPartCountsAsDestination) {
  expect_placed({{100, 2000, 10, 500}, {1000, 400, 100, 100}}, {});
}

TEST(Moves, SwapNeedsAHoleAndUsesIt) {
  expect_placed({{100, 500, 200, 200}, {500, 100, 200, 200}}, {{3000, 3300}});
}

TEST(Moves, SwapWithoutAHoleIsRefused) {
  auto moves = schedule_moves({{100, 500, 200, 200}, {500, 100, 200, 200}}, {{3000, 3100}});
  ASSERT_FALSE(moves.ok());
  EXPECT_EQ(moves.error().code, Errc::NoSpace);
}

TEST(Moves, HoleIsNotTakenWhereASegmentGoes) {
  expect_placed({{100, 500, 200, 200}, {500, 100, 200, 200}, {3000, 700, 50, 300}}, {{2950, 3600}});
}

TEST(Moves, ThreeInACircle) {
  expect_placed({{100, 500, 200, 200}, {500, 900, 200, 200}, {900, 100, 200, 200}}, {{3000, 3300}});
}

TEST(Moves, RandomPlansComeOutRight) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<Placement> segments;
    Phys to = random() % 100;
    for (int i = 0; i < 6; ++i) {
      uint64_t bytes = random() % 200, extra = random() % 3 ? 0 : random() % 60;
      segments.push_back({to, random() % 1800, bytes, bytes + extra});
      to += bytes + extra + random() % 40;
    }
    std::shuffle(segments.begin(), segments.end(), random);
    expect_placed(segments, {{2000, kMemory}});
    if (::testing::Test::HasFailure()) FAIL() << "round " << round;
  }
}

LoadPlan plan_at(Phys to, size_t bytes) {
  LoadPlan plan;
  plan.place(to, std::vector<uint8_t>(bytes), "kernel");
  return plan;
}

class Destinations : public ::testing::Test {
 protected:
  MemoryMap memory{{{{0, 0x9fc00}, MemoryType::Ram}, {{0x100000, 0x4000000}, MemoryType::Ram}}};
  std::vector<Range> own{{0, 0x1000}, {0x3000000, 0x4000000}};
  Errc code(const LoadPlan& plan) {
    Status status = check_destinations(plan, memory, own);
    return status.ok() ? Errc{} : status.error().code;
  }
};

TEST_F(Destinations, RamIsFine) { EXPECT_EQ(code(plan_at(0x100000, 0x1000)), Errc{}); }
TEST_F(Destinations, OutsideRamIsRefused) {
  EXPECT_EQ(code(plan_at(0x9f000, 0x1000)), Errc::Range);
  EXPECT_EQ(code(plan_at(0x80000000, 1)), Errc::Range);
}
TEST_F(Destinations, OwnMemoryIsRefused) {
  EXPECT_EQ(code(plan_at(0x2fff000, 0x1001)), Errc::Range);
  EXPECT_EQ(code(plan_at(0xfff, 1)), Errc::Range);
  EXPECT_EQ(code(plan_at(0x2fff000, 0x1000)), Errc{});
}
TEST_F(Destinations, OverlappingDestinationsAreRefusedAndNamed) {
  LoadPlan plan = plan_at(0x100000, 0x1000);
  plan.place(0x100fff, std::vector<uint8_t>(1), "initrd");
  Status status = check_destinations(plan, memory, own);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().text.find("initrd"), std::string::npos);
  EXPECT_NE(status.error().text.find("kernel"), std::string::npos);
}
TEST_F(Destinations, SizesThatWrapAreRefused) {
  LoadPlan plan;
  plan.segments.push_back({~uint64_t{0} - 10, {}, 100, "bss"});
  EXPECT_EQ(code(plan), Errc::Range);
}

}  // namespace
}  // namespace hawser::moves
