#include "src/memory_map.h"

#include <gtest/gtest.h>

namespace hawser {
namespace {

using enum MemoryType;

constexpr uint64_t kMiB = 1 << 20;

std::string show(const std::vector<MemoryRegion>& regions) {
  std::string text;
  for (const MemoryRegion& region : regions)
    text += std::to_string(region.range.start) + "-" + std::to_string(region.range.end) + ":" +
            std::to_string(uint32_t(region.type)) + " ";
  return text;
}
std::string show(const std::vector<Range>& ranges) {
  std::string text;
  for (const Range& range : ranges)
    text += std::to_string(range.start) + "-" + std::to_string(range.end) + " ";
  return text;
}

TEST(MemoryMap, SortsAndMergesNeighboursOfOneType) {
  MemoryMap map({{{300, 400}, Ram}, {{100, 200}, Ram}, {{200, 300}, Ram}, {{400, 500}, Reserved}});
  EXPECT_EQ(show(map.regions()), "100-400:1 400-500:2 ");
}

TEST(MemoryMap, KeepsHoles) {
  MemoryMap map({{{0, 10}, Ram}, {{20, 30}, Ram}});
  EXPECT_EQ(show(map.regions()), "0-10:1 20-30:1 ");
}

TEST(MemoryMap, ReservedWinsInsideRam) {
  MemoryMap map({{{0, 1000}, Ram}, {{400, 500}, Reserved}});
  EXPECT_EQ(show(map.regions()), "0-400:1 400-500:2 500-1000:1 ");
}

TEST(MemoryMap, WorstTypeWinsWhereSeveralOverlap) {
  MemoryMap map({{{0, 100}, AcpiReclaimable},
                 {{50, 150}, Reserved},
                 {{90, 110}, Bad},
                 {{0, 200}, Ram},
                 {{140, 160}, AcpiNvs}});
  EXPECT_EQ(show(map.regions()), "0-50:3 50-90:2 90-110:5 110-150:2 150-160:4 160-200:1 ");
}

TEST(MemoryMap, UnknownTypesAreReserved) {
  MemoryMap map({{{0, 100}, MemoryType(7)}, {{50, 200}, Ram}});
  EXPECT_EQ(show(map.regions()), "0-100:2 100-200:1 ");
}

TEST(MemoryMap, EmptyEntriesVanish) {
  MemoryMap map({{{0, 100}, Ram}, {{50, 50}, Reserved}, {{0, 0}, Bad}});
  EXPECT_EQ(show(map.regions()), "0-100:1 ");
}

TEST(MemoryMap, WrappedRamIsIgnoredAndWrappedReservedBelieved) {
  MemoryMap map({{{0, 1000}, Ram}, {{5000, 10}, Ram}, {{900, 5}, Reserved}});
  ASSERT_EQ(map.regions().size(), 2u);
  EXPECT_EQ(map.regions()[0].range.end, 900u);
  EXPECT_EQ(map.regions()[1].range.end, ~Phys{0});
}

TEST(MemoryMap, ThousandsOfEntries) {
  std::vector<MemoryRegion> regions;
  for (uint64_t i = 3000; i-- > 0;) regions.push_back({{i * 100, i * 100 + 60}, Ram});
  regions.push_back({{150'030, 150'040}, Reserved});
  MemoryMap map(regions);
  EXPECT_EQ(map.regions().size(), 3002u);
  EXPECT_EQ(map.ram_bytes(), 3000 * 60 - 10u);
}

TEST(MemoryMap, ClaimsAreCutOutOfFreeRangesButStillRam) {
  MemoryMap map({{{0, 10 * kMiB}, Ram}, {{20 * kMiB, 30 * kMiB}, Ram}});
  map.claim({2 * kMiB, 3 * kMiB});
  map.claim({9 * kMiB, 22 * kMiB});
  map.claim({5 * kMiB, 5 * kMiB});  // nothing
  std::vector<Range> expected{{0, 2 * kMiB}, {3 * kMiB, 9 * kMiB}, {22 * kMiB, 30 * kMiB}};
  EXPECT_EQ(show(map.free_ranges()), show(expected));
  EXPECT_TRUE(map.is_ram({2 * kMiB, 3 * kMiB}));
  EXPECT_FALSE(map.is_free({2 * kMiB, 3 * kMiB}));
  EXPECT_FALSE(map.is_free({1 * kMiB, 2 * kMiB + 1}));
  EXPECT_TRUE(map.is_free({1 * kMiB, 2 * kMiB}));
  EXPECT_EQ(map.regions().size(), 2u);
}

TEST(MemoryMap, RamMustCoverTheWholeRange) {
  MemoryMap map({{{0, 100}, Ram}, {{100, 110}, Reserved}, {{110, 200}, Ram}});
  EXPECT_TRUE(map.is_ram({10, 100}));
  EXPECT_FALSE(map.is_ram({10, 101}));
  EXPECT_FALSE(map.is_ram({90, 120}));
  EXPECT_FALSE(map.is_ram({150, 300}));
  EXPECT_FALSE(map.is_ram({100, 50}));
}

TEST(MemoryMap, OverlappingClaims) {
  MemoryMap map({{{0, 100}, Ram}});
  map.claim({10, 50});
  map.claim({20, 30});
  map.claim({40, 60});
  std::vector<Range> expected{{0, 10}, {60, 100}};
  EXPECT_EQ(show(map.free_ranges()), show(expected));
}

}  // namespace
}  // namespace hawser
