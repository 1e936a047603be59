// Finding PCI functions and reading their base addresses, on a made-up configuration space.
#include <gtest/gtest.h>

#include "drivers/pci/function.h"
#include "drivers/pci/table.h"
#include "tests/fakes/fake_config.h"
#include "tests/fakes/fake_platform.h"

namespace hawser::pci {
namespace {

using fakes::FakeConfig;

std::vector<uint32_t> found_in(FakeConfig& config) {
  std::vector<uint32_t> found;
  for_each_function(config,
                    [&](const Function& function) { found.push_back(function.at().location()); });
  return found;
}

TEST(Pci, FindsFunctionsOfAllBusesInOrder) {
  FakeConfig config;
  config.add({255, 31, 0}, 0x8086, 1);
  config.add({0, 3, 0}, 0x8086, 2);
  config.add({7, 0, 0}, 0x8086, 3);
  EXPECT_EQ(found_in(config), (std::vector<uint32_t>{0x18, 0x700, 0xfff8}));
}

TEST(Pci, OtherFunctionsOnlyOfMultiFunctionDevices) {
  FakeConfig config;
  config.add({0, 1, 0}, 0x8086, 1, 0x80);
  config.add({0, 1, 5}, 0x8086, 2);
  config.add({0, 2, 0}, 0x8086, 3, 0x00);
  config.add({0, 2, 1}, 0x8086, 3);  // an alias of function 0, as old devices have them
  config.add({0, 3, 1}, 0x8086, 4);  // no function 0, so no device
  EXPECT_EQ(found_in(config), (std::vector<uint32_t>{0x08, 0x0d, 0x10}));
}

TEST(Pci, BaseAddresses) {
  FakeConfig config;
  Address at{0, 1, 0};
  config.add(at, 0x8086, 1);
  Function function(config, at, 0x8086, 1);
  auto bar = [&](uint32_t low, uint32_t high = 0) {
    config.write32(at, 0x10, low);
    config.write32(at, 0x14, high);
    return function.memory_bar(0);
  };
  EXPECT_EQ(bar(0xfebc0000).value(), 0xfebc0000u);
  EXPECT_EQ(bar(0xfebc0008, 0x77).value(), 0xfebc0000u);    // prefetchable, 32 bits
  EXPECT_EQ(bar(0xfebc0004, 0x12).value(), 0x12febc0000u);  // 64 bits
  EXPECT_EQ(bar(0x00000004, 0x1).value(), 0x100000000u);
  EXPECT_FALSE(bar(0xc001).ok());      // I/O
  EXPECT_FALSE(bar(0xfebc0006).ok());  // reserved type
  auto unassigned = bar(0);
  ASSERT_FALSE(unassigned.ok());
  EXPECT_EQ(unassigned.error().code, Errc::Device);
  EXPECT_NE(unassigned.error().text.find("unassigned"), std::string::npos);
  config.write32(at, 0x24, 0xfebc0004);
  EXPECT_FALSE(function.memory_bar(5).ok());  // no room for its upper half
}

TEST(Pci, IoBaseAddresses) {
  FakeConfig config;
  Address at{0, 1, 0};
  config.add(at, 0x1af4, 0x1000);
  Function function(config, at, 0x1af4, 0x1000);
  auto bar = [&](uint32_t value) {
    config.write32(at, 0x10, value);
    return function.io_bar(0);
  };
  EXPECT_EQ(bar(0xc041).value(), 0xc040);
  EXPECT_FALSE(bar(0xfebc0000).ok());  // memory
  EXPECT_FALSE(bar(1).ok());           // unassigned
  EXPECT_FALSE(bar(0x10041).ok());     // no port
}

TEST(Pci, Capabilities) {
  FakeConfig config;
  Address at{0, 1, 0};
  config.add(at, 0x1af4, 0x1000);
  Function function(config, at, 0x1af4, 0x1000);
  config.add_capability(at, 0x40, kVendorSpecific, 0x60);
  config.add_capability(at, 0x60, kMsiX, 0xfc, 0x8003);
  config.add_capability(at, 0xfc, kVendorSpecific, 0);
  EXPECT_EQ(function.capability(kVendorSpecific), std::nullopt);  // the status register has a say
  config.write32(at, kCommand, 1u << 20);
  EXPECT_EQ(function.capability(kMsiX), 0x60);
  EXPECT_EQ(function.capability(kVendorSpecific), 0x40);
  EXPECT_EQ(function.capability(kVendorSpecific, 0x40), 0xfc);
  EXPECT_EQ(function.capability(kVendorSpecific, 0xfc), std::nullopt);
  function.disable_msix();
  EXPECT_EQ(config.read16(at, 0x62), 0x0003);
}

TEST(Pci, CapabilityListsThatLieEnd) {
  FakeConfig config;
  Address at{0, 1, 0};
  config.add(at, 0x1af4, 0x1000);
  config.write32(at, kCommand, 1u << 20);
  Function function(config, at, 0x1af4, 0x1000);
  config.add_capability(at, 0x40, kVendorSpecific, 0x44);
  config.add_capability(at, 0x44, kVendorSpecific, 0x40);  // a circle
  EXPECT_EQ(function.capability(kMsiX), std::nullopt);
  EXPECT_EQ(function.capability(kVendorSpecific, 0x44), 0x40);
  EXPECT_EQ(function.capability(kVendorSpecific, 0x80), std::nullopt);  // not in the list
  config.add_capability(at, 0x44, kVendorSpecific, 0x10);  // into the header
  EXPECT_EQ(function.capability(kVendorSpecific, 0x44), std::nullopt);
}

TEST(Pci, CommandBitsAreChangedAloneAndStatusIsNotWritten) {
  FakeConfig config;
  Address at{0, 1, 0};
  config.add(at, 0x8086, 1);
  config.write32(at, kCommand, 0xffff0103);
  Function function(config, at, 0x8086, 1);
  function.set_memory_decode(true);
  EXPECT_TRUE(config.writes.empty());  // it was on
  function.set_bus_master(true);
  EXPECT_EQ(config.read16(at, kCommand), 0x0507);
  function.set_bus_master(false);
  EXPECT_EQ(config.read16(at, kCommand), 0x0103);
  for (const auto& write : config.writes) EXPECT_EQ(write.offset, kCommand);
  EXPECT_EQ(config.read32(at, kCommand) >> 16, 0xffffu);
}

TEST(Pci, CardsThatCannotBeUsedAreTold) {
  FakeConfig config;
  fakes::FakePlatform platform;
  config.add({0, 1, 0}, 0x8086, 0x100e, 0, 0x0200);  // no BAR
  config.add({0, 2, 0}, 0x10ec, 0x8168, 0, 0x0200);  // no driver
  config.add({0, 3, 0}, 0x1234, 0x1111, 0, 0x0300);  // a display
  Cards cards = probe_all(config, {platform});
  EXPECT_TRUE(cards.found.empty());
  ASSERT_EQ(cards.problems.size(), 2u);
  EXPECT_EQ(cards.problems[0],
            "PCI 00:01.0 8086:100e (82540em): PCI base address register 0 was "
            "left unassigned by the firmware");
  EXPECT_EQ(cards.problems[1], "PCI 00:02.0 10ec:8168: no driver for this network card");
}

TEST(Pci, LeavesTheFirmwaresCardAlone) {
  FakeConfig config;
  fakes::FakePlatform platform;
  config.add({0, 3, 0}, 0x8086, 0x100e, 0, 0x0200);
  config.add({0, 4, 0}, 0x10ec, 0x8029, 0, 0x0200);
  for (uint32_t theirs : {0x18, 0x20}) {
    Cards cards =
        probe_all(config, {platform}, [&](uint32_t location) { return location != theirs; });
    ASSERT_EQ(cards.problems.size(), 1u);
    EXPECT_NE(cards.problems[0].find(theirs == 0x18 ? "00:04.0" : "00:03.0"), std::string::npos);
  }
  EXPECT_TRUE(has_driver(0x8086, 0x100e));
  EXPECT_FALSE(has_driver(0x8086, 0x8139));
  EXPECT_FALSE(has_driver(0x10ec, 0x8029));
}

TEST(Pci, IdentityMapEndsAtFourGigabytes) {
  fakes::FakePlatform platform;
  EXPECT_EQ(platform.map_mmio(0xfffff000, 0x1000), reinterpret_cast<uint8_t*>(0xfffff000));
  EXPECT_EQ(platform.map_mmio(0xfffff000, 0x1001), nullptr);
  EXPECT_EQ(platform.map_mmio(Phys{1} << 32, 1), nullptr);
}

TEST(Pci, TableHasEachCardOnce) {
  auto rows = network_cards();
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      EXPECT_FALSE(rows[i].vendor == rows[j].vendor && rows[i].device == rows[j].device)
          << rows[i].chip;
}

}  // namespace
}  // namespace hawser::pci
