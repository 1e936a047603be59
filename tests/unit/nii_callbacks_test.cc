// What an UNDI of UEFI firmware may call while it carries out a command.
#include "drivers/nii/callbacks.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_undi.h"

namespace hawser::nii {
namespace {

using fakes::FakeUndi;

class NiiCallbacks : public testing::Test {
 protected:
  FakeUndi undi;
  Callbacks callbacks{undi.boot, &undi.pci};
  efi::undi::StartCpb table = callbacks.table();
  uint64_t context = table.context;
};

TEST_F(NiiCallbacks, DelaysAreBounded) {
  table.delay(context, 50);
  EXPECT_EQ(undi.stalled_us, 50u);
  table.delay(context, ~uint64_t{0});
  EXPECT_LE(undi.stalled_us, 20'000'000u);
}

TEST_F(NiiCallbacks, BlocksKeepEventsOut) {
  table.block(context, 1);
  EXPECT_EQ(undi.priority, efi::kTplNotify);
  table.block(context, 7);
  EXPECT_EQ(undi.priority, efi::kTplNotify);
  table.block(context, 0);
  EXPECT_EQ(undi.priority, efi::kTplApplication);
  table.block(context, 0);
  EXPECT_EQ(undi.priority, efi::kTplApplication);
}

TEST_F(NiiCallbacks, PhysicalAddressesAreTheSame) {
  uint64_t physical = 0;
  table.to_physical(context, 0x123456789abc, &physical);
  EXPECT_EQ(physical, 0x123456789abcu);
}

TEST_F(NiiCallbacks, RegistersAreThoseOfTheFirstBarOfAKind) {
  using efi::PciWidth;
  uint64_t value = 0;
  table.access(context, 2, 4, 0x10, &value);
  EXPECT_EQ(value, 0x44332211u);
  table.access(context, 0, 1, 0x11, &value);
  EXPECT_EQ(value, 0x44332211u);
  value = 0xaabbccdd;
  table.access(context, 4, 2, 0x12, &value);
  table.access(context, 1, 8, 0x18, &value);
  EXPECT_EQ(undi.pci.accesses,
            (std::vector<fakes::FakePci::Access>{{"rm", PciWidth::Uint32, 2, 0x10, 0},
                                                 {"rp", PciWidth::Uint8, 4, 0x11, 0},
                                                 {"wm", PciWidth::Uint16, 2, 0x12, 0xccdd},
                                                 {"wp", PciWidth::Uint64, 4, 0x18, 0xaabbccdd}}));
  for (uint8_t bytes : {0, 3, 16, 255}) table.access(context, 2, bytes, 0, &value);
  EXPECT_EQ(undi.pci.accesses.size(), 4u);
}

TEST_F(NiiCallbacks, MemoryIsMappedAsTheDirectionSays) {
  undi.pci.moved = 0x1000;
  char memory[16];
  uint64_t at = reinterpret_cast<uint64_t>(memory), device = 0;
  for (auto [direction, operation] : {std::pair{0u, efi::PciOperation::CommonBuffer},
                                      {1u, efi::PciOperation::BusMasterWrite},
                                      {2u, efi::PciOperation::BusMasterRead}}) {
    table.map(context, at, sizeof memory, direction, &device);
    EXPECT_EQ(device, at + 0x1000);
    ASSERT_EQ(undi.pci.mapped.size(), 1u);
    EXPECT_EQ(undi.pci.mapped.begin()->second, std::pair((void*)memory, operation));
    table.unmap(context, at, sizeof memory, direction, device + 1);
    EXPECT_EQ(undi.pci.mapped.size(), 1u) << "none of ours";
    table.unmap(context, at, sizeof memory, direction, device);
    EXPECT_TRUE(undi.pci.mapped.empty());
  }
}

TEST_F(NiiCallbacks, WhatCannotBeMappedHasNoAddress) {
  char memory[16];
  uint64_t at = reinterpret_cast<uint64_t>(memory), device = 1;
  undi.pci.maps_all = false;
  table.map(context, at, sizeof memory, 2, &device);
  EXPECT_EQ(device, 0u);
  EXPECT_TRUE(undi.pci.mapped.empty());
  device = 1;
  undi.pci.maps = false;
  table.map(context, at, sizeof memory, 2, &device);
  EXPECT_EQ(device, 0u);
}

TEST_F(NiiCallbacks, ACopyIsBroughtUpToDate) {
  struct {
    char here[8] = "here", there[8] = "there";
  } memory;
  undi.pci.moved = sizeof memory.here;
  uint64_t at = reinterpret_cast<uint64_t>(memory.here), device = 0;
  table.map(context, at, 8, 1, &device);
  table.sync(context, at, 9, 1, device);
  table.sync(context, at, 8, 1, device + 1);
  EXPECT_STREQ(memory.here, "here") << "longer than what is mapped, and none of ours";
  table.sync(context, at, 8, 1, device);
  EXPECT_STREQ(memory.here, "there");
  std::memcpy(memory.here, "new", 4);
  table.sync(context, at, 8, 2, device);
  EXPECT_STREQ(memory.there, "new");
}

TEST_F(NiiCallbacks, MappingsAreBoundedAndEnd) {
  uint64_t device = 0;
  char memory[300];
  auto map = [&](int i) {
    table.map(context, reinterpret_cast<uint64_t>(memory + i), 1, 0, &device);
    return device != 0;
  };
  int count = 0;
  while (count < 300 && map(count)) ++count;
  EXPECT_EQ(count, 256);
  table.unmap(context, 0, 1, 0, reinterpret_cast<uint64_t>(memory + 17));
  EXPECT_TRUE(map(17));
  EXPECT_EQ(undi.pci.mapped.size(), 256u);
  callbacks.end();
  EXPECT_TRUE(undi.pci.mapped.empty());
}

TEST(NiiWithoutPci, MemoryHasItsOwnAddressAndRegistersReadAsOnes) {
  FakeUndi undi;
  Callbacks callbacks(undi.boot, nullptr);
  auto table = callbacks.table();
  uint64_t device = 0, value = 0;
  table.map(table.context, 0x1234, 4, 0, &device);
  EXPECT_EQ(device, 0x1234u);
  table.sync(table.context, 0x1234, 4, 1, device);
  table.unmap(table.context, 0x1234, 4, 0, device);
  table.access(table.context, 2, 4, 0, &value);
  EXPECT_EQ(value, 0xffffffffu);
}

}  // namespace
}  // namespace hawser::nii
