// The search for the PXE API in memory.
#include "drivers/undi/find.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/fakes/undi_rom.h"

namespace hawser::undi {
namespace {

using namespace fakes;

struct FindTest : testing::Test {
  static constexpr FarPointer kPxe{0x20, 0x9c00}, kOtherPxe{0x120, 0x9c00}, kPxenv{0x220, 0x9c00},
      kEntry{0x1234, 0x9d00}, kOldEntry{0x5678, 0x9e00}, kNowhere{0x40, 0x9f00};
  UndiRom rom;

  void put(FarPointer at, std::vector<uint8_t> bytes, size_t checksum_at) {
    uint8_t sum = 0;
    for (uint8_t byte : bytes) sum = uint8_t(sum + byte);
    bytes[checksum_at] = uint8_t(-sum);
    std::copy(bytes.begin(), bytes.end(), rom.memory.begin() + at.linear());
  }
  void put_pxe(FarPointer at, FarPointer entry = kEntry) {
    std::vector<uint8_t> bytes(0x58);
    std::copy_n("!PXE", 4, bytes.begin());
    bytes[4] = uint8_t(bytes.size());
    std::memcpy(&bytes[0x10], &entry, 4);
    put(at, bytes, 5);
  }
  void put_pxenv(FarPointer at, uint16_t version, FarPointer pxe) {
    std::vector<uint8_t> bytes(0x2c);
    std::copy_n("PXENV+", 6, bytes.begin());
    write_le(&bytes[6], version);
    bytes[8] = uint8_t(bytes.size());
    std::memcpy(&bytes[0x0a], &kOldEntry, 4);
    std::memcpy(&bytes[0x28], &pxe, 4);
    put(at, bytes, 9);
  }
  Result<Entry> find(FarPointer pxe, FarPointer pxenv) {
    const FarPointer candidates[] = {pxenv};
    return find_entry([this](FarPointer at, MutBytes to) { return rom.read(at, to); }, pxe,
                      candidates);
  }
};

TEST_F(FindTest, TakesWhatTheRomPassed) {
  put_pxe(kPxe);
  put_pxenv(kPxenv, 0x0201, kOtherPxe);
  auto entry = find(kPxe, kPxenv);
  ASSERT_TRUE(entry.ok());
  EXPECT_TRUE(entry->on_stack);
  EXPECT_EQ(entry->at.linear(), kEntry.linear());
}

TEST_F(FindTest, TakesWhatPxenvPointsToWhenTheChecksumIsWrong) {
  put_pxe(kPxe, kNowhere);
  rom.memory[kPxe.linear() + 5] ^= 1;
  put_pxe(kOtherPxe);
  put_pxenv(kPxenv, 0x0201, kOtherPxe);
  auto entry = find(kPxe, kPxenv);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->at.linear(), kEntry.linear());
}

TEST_F(FindTest, UsesTheOldEntryOfOldOrDamagedRoms) {
  for (uint16_t version : {0x0200, 0x0201}) {
    put_pxe(kOtherPxe);
    rom.memory[kOtherPxe.linear() + 0x20] ^= 4;
    put_pxenv(kPxenv, version, kOtherPxe);
    auto entry = find(kNowhere, kPxenv);
    ASSERT_TRUE(entry.ok());
    EXPECT_FALSE(entry->on_stack);
    EXPECT_EQ(entry->at.linear(), kOldEntry.linear());
  }
}

TEST_F(FindTest, TellsWhatIsWrong) {
  put_pxe(kPxe);
  rom.memory[kPxe.linear() + 5] ^= 1;
  EXPECT_EQ(find(kPxe, kNowhere).error().text,
            "no PXE API found: !PXE at 9c00:0020 has a wrong checksum; PXENV+ at 9f00:0040 is not "
            "there");
  put_pxe(kPxe, {});
  EXPECT_NE(find(kPxe, kNowhere).error().text.find("no entry point"), std::string::npos);
  rom.memory[kPxe.linear() + 4] = 8;
  EXPECT_NE(find(kPxe, kNowhere).error().text.find("too short"), std::string::npos);
  EXPECT_NE(find({}, {}).error().text.find("out of reach"), std::string::npos);
  const FarPointer last{0xffe8, 0xf000};  // the structure would end past 1 MiB
  const uint8_t start[] = {'!', 'P', 'X', 'E', 0x58};
  std::copy(std::begin(start), std::end(start), rom.memory.begin() + last.linear());
  EXPECT_NE(find(last, kNowhere).error().text.find("runs out of"), std::string::npos);
}

TEST_F(FindTest, SurvivesAnyBytes) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    put_pxe(kPxe);
    put_pxenv(kPxenv, 0x0201, kOtherPxe);
    for (int i = 0; i < 3; ++i) rom.memory[kPxe.linear() + random() % 0x58] = uint8_t(random());
    for (int i = 0; i < 3; ++i) rom.memory[kPxenv.linear() + random() % 0x2c] = uint8_t(random());
    auto entry = find(kPxe, kPxenv);
    if (entry.ok()) EXPECT_NE(entry->at.linear(), 0u);
    else EXPECT_FALSE(entry.error().text.empty());
  }
}

}  // namespace
}  // namespace hawser::undi
