// The virtio-net driver against a model of the device, over both register interfaces: bring-up,
// sending, closing.
#include "drivers/virtio_net/device.h"

#include <gtest/gtest.h>

#include "tests/fakes/virtio_bench.h"

namespace hawser::virtio_net {
namespace {

class VirtioNet : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, VirtioNet,
                         testing::Values(Kind::Modern, Kind::Legacy, Kind::LegacySplit));

// --- bring-up ------------------------------------------------------------------------------------

TEST_P(VirtioNet, AttachReadsTheAddressAndLeavesTheDeviceReset) {
  Bench bench(GetParam());
  ASSERT_TRUE(bench.nic.attach().ok());
  EXPECT_EQ(to_string(bench.nic.mac()), "52:54:00:12:34:56");
  EXPECT_EQ(bench.nic.mtu(), 1500u);
  EXPECT_EQ(bench.model.status, 0);
  EXPECT_FALSE(bench.model.bus_master);
}

TEST_P(VirtioNet, OpenStartsTheDeviceWithWhatItOffers) {
  Bench bench(GetParam());
  bench.open();
  EXPECT_EQ(bench.model.status, GetParam() == Kind::Modern ? 15 : 7);
  EXPECT_EQ(bench.model.accepted, bench.model.offered);
  EXPECT_TRUE(bench.model.bus_master);
  uint32_t slots = GetParam() == Kind::LegacySplit ? 128 : 256;
  EXPECT_EQ(bench.model.posted(kRxQueue), slots);
  EXPECT_EQ(bench.port.free(), kBuffers - slots);
  EXPECT_EQ(bench.model.notifications[kRxQueue], 1u);
}

TEST(VirtioNetDevice, AddressOfOurOwnWhenTheDeviceHasNone) {
  for (bool offered : {false, true}) {
    Bench bench;
    if (offered) std::fill_n(bench.model.config.begin(), 6, uint8_t{0xff});
    else bench.model.offered &= ~feature::kMac;
    ASSERT_TRUE(bench.nic.attach().ok());
    EXPECT_EQ(bench.nic.mac().bytes[0] & 3, 2);  // unicast, locally administered
    EXPECT_NE(to_string(bench.nic.mac()), "52:54:00:12:34:56");
  }
}

TEST(VirtioNetDevice, AddressCanBeChanged) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  ASSERT_TRUE(bench.nic.set_mac({{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}}).ok());
  ASSERT_TRUE(bench.nic.open(bench.port).ok());
  EXPECT_EQ(to_string(bench.nic.mac()), "02:11:22:33:44:55");
  EXPECT_EQ(to_string(bench.nic.permanent_mac()), "52:54:00:12:34:56");
}

TEST(VirtioNetDevice, SmallerMtuOfTheHostIsKept) {
  struct Row {
    uint16_t told;
    uint32_t mtu;
    bool accepted;
  };
  for (Row row : {Row{1450, 1450, true}, Row{9000, 1500, true}, Row{67, 1500, false}}) {
    Bench bench;
    bench.model.offered |= feature::kMtu;
    write_le(bench.model.config.data() + kConfigMtu, row.told);
    bench.open();
    EXPECT_EQ(bench.nic.mtu(), row.mtu);
    EXPECT_EQ(bool(bench.model.accepted & feature::kMtu), row.accepted);
  }
}

TEST(VirtioNetDevice, ModernRegistersWithoutVersion1) {
  Bench bench;
  bench.model.offered &= ~feature::kVersion1;
  Status attached = bench.nic.attach();
  ASSERT_FALSE(attached.ok());
  EXPECT_NE(attached.error().text.find("VERSION_1"), std::string::npos);
}

TEST_P(VirtioNet, ResetThatNeverCompletesNamesTheRegister) {
  Bench bench(GetParam());
  ASSERT_TRUE(bench.nic.attach().ok());
  ASSERT_TRUE(bench.nic.open(bench.port).ok());
  bench.model.reset_completes = false;
  bench.nic.close();  // ends, and takes the buffers back: DMA is off
  EXPECT_FALSE(bench.model.bus_master);
  EXPECT_EQ(bench.port.free(), kBuffers);
  bench.expect_open_fails("device_status");
}

TEST(VirtioNetDevice, ConfigurationThatNeverRests) {
  Bench bench;
  bench.model.config_rests = false;
  Status attached = bench.nic.attach();
  ASSERT_FALSE(attached.ok());
  EXPECT_NE(attached.error().text.find("config_generation"), std::string::npos);
}

TEST(VirtioNetDevice, FeaturesThatAreTakenBack) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  bench.model.features_ok = false;
  bench.expect_open_fails("features");
}

TEST(VirtioNetDevice, BehindAnIommu) {
  Bench bench;
  bench.model.offered |= feature::kAccessPlatform | feature::kOrderPlatform;
  ASSERT_TRUE(bench.nic.attach().ok());
  EXPECT_TRUE(bench.nic.open(bench.port).ok());
}

TEST_P(VirtioNet, QueueSizesThatCannotBe) {
  for (uint32_t size : {0u, 1u, 48u, 255u, 65535u}) {
    Bench bench(GetParam());
    ASSERT_TRUE(bench.nic.attach().ok());
    bench.model.most_descriptors = size;
    bench.expect_open_fails("queue_size");
  }
}

TEST(VirtioNetDevice, NotificationRegisterOutsideItsStructure) {
  for (uint16_t off : {uint16_t{2}, uint16_t{0xffff}}) {
    Bench bench;
    ASSERT_TRUE(bench.nic.attach().ok());
    bench.model.notify_off = off;
    bench.expect_open_fails("queue_notify_off");
  }
}

TEST_P(VirtioNet, LargeQueuesAreUsedAsFarAsWeNeed) {
  Bench bench(GetParam(), 1000);
  bench.model.most_descriptors = 32768;
  bench.open();
  EXPECT_EQ(bench.model.size_of(kRxQueue), GetParam() == Kind::Modern ? 512u : 32768u);
  EXPECT_EQ(bench.model.posted(kRxQueue), 512u);
  ASSERT_TRUE(bench.model.receive(frame_of(60)));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
}

TEST_P(VirtioNet, LinkFollowsTheConfiguration) {
  Bench bench(GetParam());
  bench.open();
  EXPECT_EQ(bench.nic.link(), Link::Up);
  bench.model.config[kConfigStatus] = 0;
  EXPECT_EQ(bench.nic.link(), Link::Down);
}

TEST(VirtioNetDevice, LinkIsUpWhenTheDeviceCannotTell) {
  Bench bench;
  bench.model.offered &= ~feature::kStatus;
  bench.model.config[kConfigStatus] = 0;
  bench.open();
  EXPECT_EQ(bench.nic.link(), Link::Up);
}

// --- sending -------------------------------------------------------------------------------------

TEST_P(VirtioNet, FramesLeaveWithOneNotificationPerBatch) {
  Bench bench(GetParam());
  bench.open();
  for (uint8_t i = 0; i < 10; ++i) EXPECT_TRUE(bench.transmit(frame_of(100 + i, i)));
  EXPECT_TRUE(bench.model.sent.empty());
  bench.nic.poll(kAll);
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.notifications[kTxQueue], 1u);
  ASSERT_EQ(bench.model.sent.size(), 10u);
  for (uint8_t i = 0; i < 10; ++i) EXPECT_EQ(bench.model.sent[i], frame_of(100 + i, i));
}

TEST(VirtioNetDevice, NoNotificationWhileTheDeviceLooksByItself) {
  Bench bench;
  bench.model.no_notify = true;
  bench.open();
  bench.transmit(frame_of(100));
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.notifications, (std::array<uint32_t, 2>{}));
  bench.model.transmit();
  EXPECT_EQ(bench.model.sent.size(), 1u);
  EXPECT_EQ(bench.model.posted(kRxQueue), 256u);
}

TEST_P(VirtioNet, FramesOfBadLengthAreRefused) {
  Bench bench(GetParam());
  bench.open();
  EXPECT_TRUE(bench.transmit(frame_of(1518)));
  EXPECT_FALSE(bench.transmit(frame_of(1519)));
  EXPECT_FALSE(bench.transmit(frame_of(100'000)));
  EXPECT_FALSE(bench.transmit({}));
  bench.nic.poll(kAll);
  ASSERT_EQ(bench.model.sent.size(), 1u);
  EXPECT_EQ(bench.model.sent[0], frame_of(1518));
  EXPECT_EQ(bench.nic.counters().tx_errors, 3u);
}

TEST_P(VirtioNet, FullQueueRefusesUntilTheDeviceHasSent) {
  Bench bench(GetParam());
  bench.open();
  bench.model.sends = false;
  for (uint32_t i = 0; i < kTxSlots; ++i) ASSERT_TRUE(bench.transmit(frame_of(60, uint8_t(i))));
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  bench.nic.poll(kAll);
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  bench.model.sends = true;
  bench.model.transmit();
  EXPECT_TRUE(bench.transmit(frame_of(60, 77)));
  bench.nic.poll(kAll);
  ASSERT_EQ(bench.model.sent.size(), kTxSlots + 1);
  EXPECT_EQ(bench.model.sent.back(), frame_of(60, 77));
}

// --- closing -------------------------------------------------------------------------------------

TEST_P(VirtioNet, CloseReturnsAllBuffersAndLeavesTheDeviceReset) {
  Bench bench(GetParam());
  bench.open();
  bench.model.receive(frame_of(60));  // never polled
  bench.transmit(frame_of(60, 5));    // still sent
  bench.nic.close();
  EXPECT_EQ(bench.port.free(), kBuffers);
  EXPECT_EQ(bench.model.status, 0);
  EXPECT_FALSE(bench.model.bus_master);
  ASSERT_EQ(bench.model.sent.size(), 1u);
  bench.nic.close();  // harmless
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  EXPECT_EQ(bench.nic.poll(kAll), 0u);
}

TEST(VirtioNetDevice, CloseDoesNotWaitForeverForFramesThatCannotLeave) {
  Bench bench;
  bench.open();
  bench.model.sends = false;
  bench.transmit(frame_of(60));
  uint64_t before = bench.platform.now_us();
  bench.nic.close();
  EXPECT_LT(bench.platform.now_us() - before, 50'000u);
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST_P(VirtioNet, OpensAgainAfterClose) {
  Bench bench(GetParam());
  bench.open();
  bench.model.receive(frame_of(60));
  bench.nic.poll(kAll);
  bench.nic.close();
  ASSERT_TRUE(bench.nic.open(bench.port).ok());
  EXPECT_EQ(bench.nic.counters().rx_frames, 0u);
  ASSERT_TRUE(bench.model.receive(frame_of(61)));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_TRUE(bench.transmit(frame_of(60)));
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.sent.size(), 1u);
}

}  // namespace
}  // namespace hawser::virtio_net
