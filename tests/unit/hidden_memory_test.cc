// The memory map that boot programs get.
#include "arch/x86_64/bios/hidden_memory.h"

#include <gtest/gtest.h>

namespace hawser::bios {
namespace {

const E820Entry kMachine[] = {{0, 0x9fc00, 1},
                              {0x9fc00, 0x400, 2},
                              {0xf0000, 0x10000, 2},
                              {0x100000, 0x1fee0000, 1},
                              {0x1ffe0000, 0x20000, 2}};

uint64_t ram(const std::vector<E820Entry>& map) {
  uint64_t bytes = 0;
  for (const E820Entry& entry : map) bytes += entry.type == kE820Ram ? entry.bytes : 0;
  return bytes;
}

TEST(HiddenMemory, PieceInTheMiddleAndAtTheEnds) {
  for (Span hidden : {Span{0x10000000, 0x11000000}, Span{0x100000, 0x200000},
                      Span{0x1f000000, 0x1ffe0000}}) {
    auto map = hide(kMachine, hidden);
    EXPECT_EQ(ram(map), 0x9fc00 + 0x1fee0000 - (hidden.end - hidden.start));
    uint64_t end = 0;
    for (const E820Entry& entry : map) {
      EXPECT_GE(entry.start, end);  // sorted as before, and nothing twice
      end = entry.start + entry.bytes;
      bool inside = entry.start < hidden.end && end > hidden.start;
      EXPECT_EQ(inside, entry.type != kE820Ram && entry.start == hidden.start);
    }
  }
}

TEST(HiddenMemory, RamAcrossSeveralEntries) {
  const E820Entry pieces[] = {{0x200000, 0x100000, 1}, {0x100000, 0x100000, 1}};
  EXPECT_EQ(ram(hide(pieces, {0x180000, 0x280000})), 0x100000u);
  EXPECT_EQ(end_of_ram(pieces, 0x100000), 0x300000u);
  EXPECT_EQ(end_of_ram(pieces, 0), 0u);
  const E820Entry nonsense[] = {{~uint64_t{0} - 5, 100, 1}, {0x1000, 0, 1}};
  EXPECT_EQ(hide(nonsense, {0, 0x100000}).size(), 2u);
}

TEST(HiddenMemory, E801) {
  E801 all = e801_of(kMachine);
  EXPECT_EQ(all.kib, 15 * 1024);
  EXPECT_EQ(all.pieces, (0x1ffe0000 - 0x1000000) >> 16);
  E801 some = e801_of(hide(kMachine, {0x800000, 0x900000}));
  EXPECT_EQ(some.kib, 7 * 1024);
  EXPECT_EQ(some.pieces, 0);
  E801 none = e801_of({});
  EXPECT_EQ(none.kib, 0);
}

}  // namespace
}  // namespace hawser::bios
