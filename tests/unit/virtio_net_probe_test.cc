// Where a virtio device's registers are, by its PCI capabilities.
#include <gtest/gtest.h>

#include "drivers/virtio_net/probe.h"
#include "tests/fakes/fake_config.h"
#include "tests/fakes/fake_platform.h"

namespace hawser::virtio_net {
namespace {

using fakes::FakeConfig, fakes::FakePlatform;

constexpr pci::Address kAt{0, 3, 0};
constexpr uint8_t kCommon = 1, kNotify = 2, kIsr = 3, kDevice = 4;

struct VirtioProbe : testing::Test {
  FakeConfig config;
  pci::Function function{config, kAt, 0x1af4, 0x1041};

  VirtioProbe() {
    config.add(kAt, 0x1af4, 0x1041, 0, 0x0200);
    config.write32(kAt, pci::kCommand, 1u << 20);
    config.write32(kAt, 0x10, 0xc041);      // BAR 0: ports
    config.write32(kAt, 0x20, 0xfe00000c);  // BAR 4: 64 bits
    config.write32(kAt, 0x24, 0x8);
  }
  void structure(uint8_t where, uint8_t next, uint8_t type, uint32_t offset, uint32_t bytes,
                 uint8_t bar = 4, uint8_t capability_bytes = 20) {
    config.add_capability(kAt, where, pci::kVendorSpecific, next,
                          uint16_t(type << 8 | capability_bytes));
    config.write32(kAt, uint8_t(where + 4), bar);
    config.write32(kAt, uint8_t(where + 8), offset);
    config.write32(kAt, uint8_t(where + 12), bytes);
    config.write32(kAt, uint8_t(where + 16), 4);
  }
};

TEST_F(VirtioProbe, FirstUsableStructureOfEachKind) {
  structure(0x40, 0x54, kCommon, 0, 56, 0);           // in ports: another one follows
  structure(0x54, 0x68, kCommon, 0x1000, 55);         // too small
  structure(0x68, 0x7c, kCommon, 0x2000, 0x1000, 6);  // no such BAR
  structure(0x7c, 0x90, kCommon, 0x3000, 56);
  structure(0x90, 0xa4, kNotify, 0x4000, 0x1000);
  structure(0xa4, 0xb8, kIsr, 0x5000, 1);
  structure(0xb8, 0xcc, kDevice, 0x6000, 0x1000);
  structure(0xcc, 0, kCommon, 0x7000, 56);
  auto places = find_places(function);
  ASSERT_TRUE(places);
  EXPECT_EQ(places->common.offset, 0x3000u);
  EXPECT_EQ(places->common.bar, 4);
  EXPECT_EQ(places->notify.offset, 0x4000u);
  EXPECT_EQ(places->notify.bytes, 0x1000u);
  EXPECT_EQ(places->notify.notify_stride, 4u);
  EXPECT_EQ(places->device.offset, 0x6000u);
}

TEST_F(VirtioProbe, NothingWhenOneIsMissing) {
  EXPECT_FALSE(find_places(function));
  structure(0x40, 0x54, kCommon, 0, 56);
  structure(0x54, 0x68, kNotify, 0x1000, 0x1000);
  EXPECT_FALSE(find_places(function));
  structure(0x68, 0, kDevice, 0x2000, 0x1000);
  EXPECT_TRUE(find_places(function));
  structure(0x54, 0x68, kNotify, 0x1000, 0x1000, 4, 16);  // without its stride
  EXPECT_FALSE(find_places(function));
}

TEST_F(VirtioProbe, CapabilityThatRunsPastConfigurationSpace) {
  structure(0x40, 0x54, kCommon, 0, 56);
  structure(0x54, 0xf0, kNotify, 0x1000, 0x1000);
  config.add_capability(kAt, 0xf0, pci::kVendorSpecific, 0, uint16_t(kDevice << 8 | 20));
  EXPECT_FALSE(find_places(function));
}

TEST_F(VirtioProbe, RegistersThatCannotBeMapped) {
  structure(0x40, 0x54, kCommon, 0, 56);
  structure(0x54, 0x68, kNotify, 0x1000, 0x1000);
  structure(0x68, 0, kDevice, 0x2000, 0x1000);
  FakePlatform platform;  // maps nothing above 4 GiB
  auto nic = probe(function, "virtio-net", {platform});
  ASSERT_FALSE(nic.ok());
  EXPECT_NE(nic.error().text.find("0x8fe000000"), std::string::npos) << nic.error().text;
}

TEST_F(VirtioProbe, NeitherInterface) {
  FakePlatform platform;
  config.write32(kAt, 0x10, 0xfebc0000);
  auto nic = probe(function, "virtio-net", {platform});
  ASSERT_FALSE(nic.ok());
  EXPECT_NE(nic.error().text.find("not I/O space"), std::string::npos) << nic.error().text;
}

}  // namespace
}  // namespace hawser::virtio_net
