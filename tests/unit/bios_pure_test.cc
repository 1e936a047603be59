// Pure parts of the BIOS layer: where the agent goes, firmware tables, the clock's registers.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "arch/x86_64/firmware_tables.h"
#include "arch/x86_64/bios/placement.h"
#include "arch/x86_64/bios/rtc_time.h"

namespace hawser::bios {
namespace {

// --- placement -----------------------------------------------------------------------------------

constexpr E820Entry ram(uint64_t start, uint64_t end) { return {start, end - start, kE820Ram}; }
constexpr E820Entry reserved(uint64_t start, uint64_t end) { return {start, end - start, 2}; }

std::optional<Span> place(std::vector<E820Entry> map, std::vector<Span> avoid = {},
                          uint64_t image = kMib) {
  return choose_placement(map, avoid, image);
}

TEST(Placement, TopOfTheLargestPieceBelow4Gib) {
  auto at = place({ram(0, 0x9fc00), ram(0x100000, 0xbffe0000), ram(1ull << 32, 5ull << 30)});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->end, 0xbffe0000u);
  EXPECT_EQ(at->end - at->start, 49 * kMib);
}

TEST(Placement, SmallMachineGivesAQuarter) {
  auto at = place({ram(0x100000, 0x3fe0000)});
  ASSERT_TRUE(at);
  uint64_t heap = at->end - at->start - kMib;
  EXPECT_GE(heap, 15 * kMib);
  EXPECT_LE(heap, 16 * kMib);
}

TEST(Placement, StaysClearOfTheInitrdAtTheTop) {
  auto at = place({ram(0x100000, 0x10000000)}, {{0xf000000, 0xfffe000}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->end, 0xf000000u);
}

TEST(Placement, ReservedInsideRamWins) {
  auto at = place({ram(0x100000, 0x10000000), reserved(0x6000000, 0x6100000)});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->end, 0x10000000u);
  EXPECT_GE(at->start, 0x6100000u);
}

TEST(Placement, RamThatReachesAcross4GibIsCut) {
  auto at = place({ram(0x100000, 8ull << 30)});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->end, 1ull << 32);
}

TEST(Placement, TooLittleMemoryIsNothing) {
  EXPECT_FALSE(place({ram(0, 0x9fc00), ram(0x100000, 0x900000)}));
  EXPECT_FALSE(place({}));
}

TEST(Placement, NonsenseSizesDoNotHang) {
  EXPECT_FALSE(place({{0x100000, ~uint64_t{0}, 2}, ram(0x100000, 0x8000000)}));
  auto at = place({{0x100000, ~uint64_t{0}, kE820Ram}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->end, 1ull << 32);
}

// --- firmware tables -----------------------------------------------------------------------------

void fix_sum(std::vector<uint8_t>& memory, size_t start, size_t bytes, size_t at) {
  memory[at] = 0;
  uint8_t sum = 0;
  for (size_t i = start; i < start + bytes; ++i) sum = uint8_t(sum + memory[i]);
  memory[at] = uint8_t(-sum);
}

std::vector<uint8_t> smbios2_at(size_t at) {
  std::vector<uint8_t> memory(256);
  std::memcpy(&memory[at], "_SM_", 4);
  memory[at + 5] = 31;
  memory[at + 6] = 2;
  memory[at + 7] = 8;
  std::memcpy(&memory[at + 16], "_DMI_", 5);
  write_le<uint16_t>(&memory[at + 22], 0x123);
  write_le<uint32_t>(&memory[at + 24], 0xf5a30);
  fix_sum(memory, at, 31, at + 4);
  return memory;
}

TEST(FirmwareTables, FindsSmbios2) {
  auto entry = find_smbios(smbios2_at(32));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->address, 0xf5a30u);
  EXPECT_EQ(entry->bytes, 0x123u);
  EXPECT_EQ(entry->version, 0x0208);
}

TEST(FirmwareTables, Smbios3Wins) {
  auto memory = smbios2_at(32);
  std::memcpy(&memory[96], "_SM3_", 5);
  memory[96 + 6] = 24;
  memory[96 + 7] = 3;
  memory[96 + 8] = 2;
  write_le<uint32_t>(&memory[96 + 12], 0x456);
  write_le<uint64_t>(&memory[96 + 16], 0x7ff00000);
  fix_sum(memory, 96, 24, 96 + 5);
  auto entry = find_smbios(memory);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->address, 0x7ff00000u);
  EXPECT_EQ(entry->version, 0x0302);
}

TEST(FirmwareTables, BadSumsAndCutEntriesAreSkipped) {
  auto memory = smbios2_at(32);
  memory[32 + 24] ^= 1;
  EXPECT_FALSE(find_smbios(memory));
  auto good = smbios2_at(32);
  for (size_t bytes = 0; bytes < 63; ++bytes)
    EXPECT_FALSE(find_smbios(std::vector<uint8_t>(good.begin(), good.begin() + ptrdiff_t(bytes))));
}

TEST(FirmwareTables, FindsTheRsdt) {
  std::vector<uint8_t> memory(128);
  std::memcpy(&memory[48], "RSD PTR ", 8);
  write_le<uint32_t>(&memory[48 + 16], 0x1ffe1234);
  fix_sum(memory, 48, 20, 48 + 8);
  EXPECT_EQ(find_rsdt(memory), 0x1ffe1234u);
  EXPECT_EQ(find_rsdp(memory).size(), 20u);
  memory[48 + 15] = 2;
  fix_sum(memory, 48, 20, 48 + 8);
  EXPECT_EQ(find_rsdp(memory).size(), 36u) << "the longer form, whose sum is right by chance";
  memory[48 + 30] ^= 1;
  EXPECT_EQ(find_rsdp(memory).size(), 20u) << "a longer form that is damaged";
  memory[50] = 'X';
  EXPECT_FALSE(find_rsdt(memory));
}

TEST(FirmwareTables, FindsSoftOff) {
  // Name (_S5_, Package (4) {0x05, 0x07, 0, 0}) between other code.
  const std::vector<uint8_t> dsdt = {0xff, 0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
                                     0x04, 0x0a, 0x05, 0x0a, 0x07, 0x00, 0x00, 0x10};
  auto off = find_soft_off(dsdt);
  ASSERT_TRUE(off);
  EXPECT_EQ(off->a, 5);
  EXPECT_EQ(off->b, 7);
  for (size_t bytes = 0; bytes < 13; ++bytes)
    EXPECT_FALSE(
        find_soft_off(std::vector<uint8_t>(dsdt.begin(), dsdt.begin() + ptrdiff_t(bytes))));
}

// --- real-time clock -----------------------------------------------------------------------------

RtcRegisters clock_at(uint8_t century, uint8_t year, uint8_t month, uint8_t day, uint8_t hour,
                      uint8_t minute, uint8_t second, uint8_t status_b) {
  RtcRegisters r;
  r.century = century;
  r.reg[rtc::kYear] = year;
  r.reg[rtc::kMonth] = month;
  r.reg[rtc::kDay] = day;
  r.reg[rtc::kHours] = hour;
  r.reg[rtc::kMinutes] = minute;
  r.reg[rtc::kSeconds] = second;
  r.reg[rtc::kStatusB] = status_b;
  return r;
}

TEST(Rtc, BcdAnd24Hours) {
  EXPECT_EQ(rtc_seconds(clock_at(0x20, 0x00, 2, 0x29, 0x23, 0x59, 0x58, rtc::k24Hours)), 951868798);
}
TEST(Rtc, BinaryAnd12Hours) {
  EXPECT_EQ(rtc_seconds(clock_at(20, 26, 11, 21, 12, 0, 0, rtc::kBinary)), 1795219200);
  EXPECT_EQ(rtc_seconds(clock_at(20, 26, 11, 21, 0x80 | 1, 0, 0, rtc::kBinary)), 1795266000);
}
TEST(Rtc, UnknownCenturyIsTheTwentyFirst) {
  EXPECT_EQ(rtc_seconds(clock_at(0, 0x26, 0x11, 0x21, 0, 0, 0, rtc::k24Hours)), 1795219200);
}
TEST(Rtc, NonsenseIsNothing) {
  EXPECT_FALSE(rtc_seconds(clock_at(0x20, 0x26, 0x13, 1, 0, 0, 0, rtc::k24Hours)));
  EXPECT_FALSE(rtc_seconds(clock_at(0x20, 0x26, 1, 0, 0, 0, 0, rtc::k24Hours)));
  EXPECT_FALSE(rtc_seconds(clock_at(0x20, 0xff, 1, 1, 0, 0, 0, rtc::k24Hours)));
  EXPECT_FALSE(rtc_seconds(clock_at(0x20, 0x26, 1, 1, 0x13, 0, 0, 0)));
}

}  // namespace
}  // namespace hawser::bios
