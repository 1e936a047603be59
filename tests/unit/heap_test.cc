// The allocator of the freestanding build: alignment, joining of free blocks, bounds, misuse.
#include "arch/x86_64/libc/heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

namespace hawser {
namespace {

constexpr size_t kArena = 1 << 20;

struct HeapTest : testing::Test {
  HeapTest() { heap.init(memory.get(), kArena); }
  std::unique_ptr<char[]> memory{new char[kArena]};
  Heap heap;
};

TEST_F(HeapTest, BlocksAreAlignedAndApart) {
  std::vector<char*> blocks;
  for (size_t bytes = 0; bytes < 300; ++bytes) {
    auto* block = static_cast<char*>(heap.allocate(bytes));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 16, 0u);
    std::memset(block, int(bytes), bytes);
    blocks.push_back(block);
  }
  for (size_t bytes = 0; bytes < 300; ++bytes)
    for (size_t i = 0; i < bytes; ++i) ASSERT_EQ(uint8_t(blocks[bytes][i]), uint8_t(bytes));
}

TEST_F(HeapTest, FreedNeighboursJoinInAnyOrder) {
  for (auto order : {std::array{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
    size_t third = kArena / 3 - 64;
    void* blocks[3];
    for (void*& block : blocks) ASSERT_NE(block = heap.allocate(third), nullptr);
    EXPECT_EQ(heap.allocate(third), nullptr);
    for (int i : order) heap.release(blocks[i]);
    EXPECT_EQ(heap.used(), 0u);
    void* all = heap.allocate(kArena - 128);
    EXPECT_NE(all, nullptr) << "the three blocks did not become one";
    heap.release(all);
  }
}

TEST_F(HeapTest, RefusesWhatCannotFit) {
  EXPECT_EQ(heap.allocate(kArena), nullptr);
  EXPECT_EQ(heap.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(heap.allocate(SIZE_MAX - 15), nullptr);
  EXPECT_EQ(heap.allocate(16, size_t{1} << 63), nullptr);
  void* block = heap.allocate(100);
  EXPECT_EQ(heap.resize(block, SIZE_MAX), nullptr);
  EXPECT_EQ(heap.resize(block, kArena), nullptr);
  heap.release(block);  // still valid after the refusals
  EXPECT_EQ(heap.used(), 0u);
}

TEST_F(HeapTest, AnArenaTooSmallIsAlwaysFull) {
  alignas(16) char little[48];
  Heap small;
  small.init(little, sizeof little);
  EXPECT_EQ(small.allocate(1), nullptr);
  EXPECT_EQ(Heap{}.allocate(1), nullptr);
}

TEST_F(HeapTest, ResizeKeepsTheBytes) {
  auto* block = static_cast<char*>(heap.allocate(100));
  std::memset(block, 'x', 100);
  void* fence = heap.allocate(1);  // in the way of growing in place
  block = static_cast<char*>(heap.resize(block, 5000));
  ASSERT_NE(block, nullptr);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(block[i], 'x');
  EXPECT_EQ(heap.resize(block, 50), block) << "shrinking moves nothing";
  for (int i = 0; i < 50; ++i) ASSERT_EQ(block[i], 'x');
  EXPECT_EQ(heap.resize(block, 200), block) << "free space above is used in place";
  heap.release(fence);
  heap.release(block);
  EXPECT_EQ(heap.used(), 0u);
}

TEST_F(HeapTest, CoarseAlignmentGivesTheFrontBack) {
  for (size_t align : {32, 64, 512, 4096}) {
    void* pad = heap.allocate(1);
    void* block = heap.allocate(1000, align);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % align, 0u);
    std::memset(block, 0, 1000);
    heap.release(pad);
    heap.release(block);
    EXPECT_EQ(heap.used(), 0u);
  }
  EXPECT_NE(heap.allocate(kArena - 128), nullptr);
}

TEST_F(HeapTest, HighWaterStays) {
  void* block = heap.allocate(10'000);
  size_t most = heap.used();
  heap.release(block);
  EXPECT_EQ(heap.used(), 0u);
  EXPECT_EQ(heap.high_water(), most);
  EXPECT_GE(most, 10'000u);
  EXPECT_LE(heap.total(), kArena);
}

// Random traffic, each block filled with its own byte, every byte checked when it is freed.
TEST_F(HeapTest, SurvivesRandomTraffic) {
  struct Live {
    char* at;
    size_t bytes;
    char fill;
  };
  std::mt19937 random{1};
  std::vector<Live> live;
  for (int step = 0; step < 50'000; ++step) {
    size_t bytes = random() % 8 ? random() % 200 : random() % 20'000;
    if (random() % 2 || live.empty()) {
      if (auto* at = static_cast<char*>(heap.allocate(bytes))) {
        live.push_back({at, bytes, char(random())});
        std::memset(at, live.back().fill, bytes);
      }
      continue;
    }
    Live& chosen = live[random() % live.size()];
    for (size_t i = 0; i < chosen.bytes; ++i) ASSERT_EQ(chosen.at[i], chosen.fill);
    if (random() % 3 == 0) {
      if (auto* at = static_cast<char*>(heap.resize(chosen.at, bytes))) {
        for (size_t i = 0; i < std::min(bytes, chosen.bytes); ++i) ASSERT_EQ(at[i], chosen.fill);
        chosen.at = at;
        chosen.bytes = bytes;
        std::memset(at, chosen.fill, bytes);
      }
      continue;
    }
    heap.release(chosen.at);
    chosen = live.back();
    live.pop_back();
  }
  for (Live& block : live) heap.release(block.at);
  EXPECT_EQ(heap.used(), 0u);
  EXPECT_NE(heap.allocate(kArena - 128), nullptr) << "free blocks did not join";
}

using HeapDeathTest = HeapTest;

TEST_F(HeapDeathTest, MisuseIsCaught) {
  auto* block = static_cast<char*>(heap.allocate(100));
  void* fence = heap.allocate(1);
  EXPECT_DEATH(heap.release(block + 16), "heap");
  EXPECT_DEATH(
      {
        std::memset(block, 0xee, 130);
        heap.release(block);
      },
      "heap");
  EXPECT_DEATH(
      {
        heap.release(block);
        heap.release(block);
      },
      "heap");
  heap.release(fence);
}

}  // namespace
}  // namespace hawser
