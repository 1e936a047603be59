// The virtio-net driver against a model of the device, over both register interfaces.
#include "drivers/virtio_net/device.h"

#include <gtest/gtest.h>

#include "tests/fakes/counting_port.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/virtio_model.h"

namespace hawser::virtio_net {
namespace {

using fakes::CountingPort, fakes::FakePlatform, fakes::VirtioModel, fakes::VirtioModelIo;
using Frame = std::vector<uint8_t>;

constexpr size_t kAll = 100'000, kBuffers = 600;

enum class Kind { Modern, Legacy, LegacySplit };

/// Knows the blocks it has given by the low 44 bits of their addresses.
struct DmaPlatform : FakePlatform {
  std::vector<Phys> blocks;
  Result<DmaBlock> dma(size_t bytes, size_t align) override {
    auto block = FakePlatform::dma(bytes, align);
    blocks.push_back(block->bus);
    return block;
  }
  Phys block_at(uint64_t low) {
    for (Phys block : blocks)
      if (block << 20 == low << 20) return block;
    std::abort();
  }
};

/// A model of each kind of device. Legacy devices have either ANY_LAYOUT or headers of their own.
VirtioModel model_of(Kind kind, DmaPlatform& platform) {
  VirtioModel model;
  model.modern = kind == Kind::Modern;
  model.split_headers = kind == Kind::LegacySplit;
  if (kind == Kind::Legacy) model.offered = feature::kStatus | feature::kMac | feature::kAnyLayout;
  if (kind == Kind::LegacySplit) model.offered = feature::kStatus | feature::kMac;
  model.memory_at = [&](uint64_t low) { return platform.block_at(low); };
  return model;
}

std::unique_ptr<Transport> transport_of(VirtioModel& model) {
  VirtioModelIo io{&model};
  if (!model.modern) return std::make_unique<Legacy<VirtioModelIo>>(io);
  return std::make_unique<Modern<VirtioModelIo>>(io, VirtioModel::kNotifyBytes,
                                                 VirtioModel::kNotifyStride);
}

struct Bench {
  DmaPlatform platform;
  VirtioModel model;
  CountingPort port;
  Device nic;

  explicit Bench(Kind kind = Kind::Modern, size_t buffers = kBuffers)
      : model(model_of(kind, platform)),
        port(buffers),
        nic(transport_of(model), "test", platform) {}
  void open() {
    Status attached = nic.attach();
    ASSERT_TRUE(attached.ok()) << attached.error().text;
    Status opened = nic.open(port);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
  }
  bool transmit(const Frame& frame) {
    Bytes whole = frame;
    Bytes pieces[] = {whole.first(whole.size() / 3), {}, whole.subspan(whole.size() / 3)};
    return nic.transmit(pieces);
  }
  void expect_open_fails(std::string_view why) {
    Status opened = nic.open(port);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Errc::Device);
    EXPECT_NE(opened.error().text.find(why), std::string::npos) << opened.error().text;
    EXPECT_FALSE(model.bus_master);
    EXPECT_EQ(port.free(), kBuffers);
    EXPECT_EQ(nic.poll(kAll), 0u);
  }
};

Frame frame_of(size_t length, uint8_t seed = 1) {
  Frame frame(length);
  for (size_t i = 0; i < length; ++i) frame[i] = uint8_t(seed + i);
  return frame;
}

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

// --- receiving -----------------------------------------------------------------------------------

TEST_P(VirtioNet, FramesArriveInOrderOverManyTurnsOfTheRing) {
  Bench bench(GetParam());
  bench.open();
  size_t count = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 61; ++i, ++count)
      ASSERT_TRUE(bench.model.receive(frame_of(60 + count % 1400, uint8_t(count))));
    EXPECT_EQ(bench.nic.poll(kAll), 61u);
  }
  ASSERT_EQ(bench.port.frames.size(), count);
  for (size_t i = 0; i < count; ++i)
    ASSERT_EQ(bench.port.frames[i], frame_of(60 + i % 1400, uint8_t(i)));
  EXPECT_EQ(bench.nic.counters().rx_frames, count);
  EXPECT_EQ(bench.port.checked_frames, 0u);
}

TEST_P(VirtioNet, IndicesWrapAfter65536Frames) {
  Bench bench(GetParam());
  bench.open();
  for (int i = 0; i < 70'000; ++i) {
    ASSERT_TRUE(bench.model.receive(frame_of(60, uint8_t(i))));
    if (i % 50 == 49) {
      ASSERT_EQ(bench.nic.poll(kAll), 50u);
      ASSERT_EQ(bench.port.frames.back(), frame_of(60, uint8_t(i)));
      bench.port.frames.clear();
    }
  }
}

TEST(VirtioNetDevice, BudgetBoundsOnePoll) {
  Bench bench;
  bench.open();
  for (int i = 0; i < 10; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(100), 4u);
  EXPECT_EQ(bench.nic.poll(100), 0u);
}

TEST_P(VirtioNet, LengthsOfAFrameThatLie) {
  Bench bench(GetParam());
  bench.open();
  uint32_t header = bench.model.header_bytes();
  for (size_t claimed : {size_t{0}, size_t{header}, size_t{2049}, size_t{0xffffffff}})
    bench.model.receive_raw(frame_of(60), claimed);
  bench.model.receive(frame_of(64, 9));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  ASSERT_EQ(bench.port.frames.size(), 1u);
  EXPECT_EQ(bench.port.frames[0], frame_of(64, 9));
  EXPECT_EQ(bench.nic.counters().rx_errors, 4u);
}

TEST_P(VirtioNet, AnswersThatMakeNoSenseAreCountedAndIgnored) {
  Bench bench(GetParam());
  bench.open();
  bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  bench.model.give_used(kRxQueue, 0xffffffff, 100);  // no such descriptor
  bench.model.give_used(kRxQueue, 256, 100);
  bench.model.give_used(kRxQueue, 0, 100);  // ours already
  bench.model.give_used(kRxQueue, GetParam() == Kind::LegacySplit ? 7 : 999, 100);
  bench.model.receive(frame_of(60, 5));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_EQ(bench.port.frames.back(), frame_of(60, 5));
  EXPECT_EQ(bench.nic.counters().rx_errors, 4u);
}

/// A device that claims to have used far more than it was given takes no more than the budget, and
/// nothing is delivered twice.
TEST(VirtioNetDevice, IndexThatRunsAway) {
  Bench bench;
  bench.open();
  bench.model.move_used_index(kRxQueue, 40'000);
  size_t delivered = bench.nic.poll(1000);
  EXPECT_LE(delivered, 1u);  // the empty elements all name descriptor 0
  EXPECT_GE(bench.nic.counters().rx_errors, 999u);
  bench.nic.close();
  EXPECT_EQ(bench.port.free(), kBuffers);
}

constexpr uint64_t kLargeFrames =
    feature::kGuestChecksum | feature::kGuestTso4 | feature::kMergeRxBuffers;

TEST(VirtioNetDevice, FramesOverSeveralBuffers) {
  Bench bench;
  bench.model.offered |= kLargeFrames;
  bench.open();
  EXPECT_EQ(bench.model.accepted, bench.model.offered);
  size_t count = 0;
  for (int round = 0; round < 50; ++round) {
    for (size_t length : {60u, 1514u, 2036u, 2037u, 9000u, 65'535u}) {
      size_t buffers = (length + 12 + kRxBufferBytes - 1) / kRxBufferBytes;
      FrameHeader header{.flags = FrameHeader::kNeedsChecksum};
      ASSERT_TRUE(
          bench.model.receive_merged(frame_of(length, uint8_t(round)), uint16_t(buffers), header));
      EXPECT_EQ(bench.nic.poll(1), 1u);
      ASSERT_EQ(bench.port.frames.back(), frame_of(length, uint8_t(round)));
      bench.port.frames.clear();
      ++count;
    }
  }
  EXPECT_EQ(bench.nic.counters().rx_frames, count);
  EXPECT_EQ(bench.nic.counters().rx_errors, 0u);
  bench.nic.close();
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST(VirtioNetDevice, SumsAreTrustedOnlyWhereTheHostSaysSo) {
  struct Row {
    bool negotiated;
    uint8_t flags;
    size_t checked;
  };
  for (Row row : {Row{true, 0, 0}, Row{true, 1, 1}, Row{true, 2, 1}, Row{true, 4, 0},
                  Row{false, 1, 0}, Row{false, 2, 0}}) {
    Bench bench;
    if (row.negotiated) bench.model.offered |= kLargeFrames;
    bench.open();
    ASSERT_TRUE(bench.model.receive_merged(frame_of(60), 1, {.flags = row.flags}));
    EXPECT_EQ(bench.nic.poll(kAll), 1u);
    EXPECT_EQ(bench.port.checked_frames, row.checked);
  }
}

TEST(VirtioNetDevice, LargeFramesNeedAllThreeFeaturesAndAModernDevice) {
  for (uint64_t offered :
       {kLargeFrames & ~feature::kMergeRxBuffers, kLargeFrames & ~feature::kGuestChecksum,
        uint64_t{feature::kGuestTso4}}) {
    Bench bench;
    bench.model.offered |= offered;
    bench.open();
    EXPECT_EQ(bench.model.accepted & kLargeFrames, 0u);
  }
  Bench old(Kind::Legacy);
  old.model.offered |= kLargeFrames;
  old.open();
  EXPECT_EQ(old.model.accepted & kLargeFrames, 0u);
}

TEST(VirtioNetDevice, BufferCountsThatLie) {
  for (uint16_t told :
       {uint16_t{0}, uint16_t{6}, uint16_t(kMaxParts), uint16_t(kMaxParts + 1), uint16_t{0xffff}}) {
    Bench bench;
    bench.model.offered |= kLargeFrames;
    bench.open();
    ASSERT_TRUE(bench.model.receive_merged(frame_of(9000), told));  // five buffers
    bench.nic.poll(kAll);
    EXPECT_GE(bench.nic.counters().rx_errors, 1u);
    bench.nic.poll(kAll);
    ASSERT_TRUE(bench.model.receive_merged(frame_of(64, 9), 1));
    EXPECT_EQ(bench.nic.poll(kAll), 1u);
    EXPECT_EQ(bench.port.frames.back(), frame_of(64, 9));
    bench.nic.close();
    EXPECT_EQ(bench.port.free(), kBuffers);
  }
}

TEST(VirtioNetDevice, PartOfAFrameThatMakesNoSense) {
  Bench bench;
  bench.model.offered |= kLargeFrames;
  bench.open();
  ASSERT_TRUE(bench.model.receive_merged(frame_of(1000), 3));
  bench.model.give_used(kRxQueue, 0xffffffff, 100);
  EXPECT_EQ(bench.nic.poll(kAll), 0u);
  EXPECT_EQ(bench.nic.counters().rx_errors, 1u);
  bench.nic.close();
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST(VirtioNetDevice, SlotsAreRefilledInBatches) {
  Bench bench;
  bench.open();
  for (uint32_t i = 1; i < kRefillBatch; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(kAll), kRefillBatch - 1);
  EXPECT_EQ(bench.model.notifications[kRxQueue], 1u);
  bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_EQ(bench.model.notifications[kRxQueue], 2u);
  EXPECT_EQ(bench.model.posted(kRxQueue), 256u);
}

TEST(VirtioNetDevice, DryPoolStopsAndResumes) {
  Bench bench(Kind::Modern, 8);
  bench.open();
  bench.port.keep = true;
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(bench.model.receive(frame_of(60)));
  EXPECT_FALSE(bench.model.receive(frame_of(60)));
  EXPECT_EQ(bench.nic.poll(kAll), 8u);
  EXPECT_FALSE(bench.model.receive(frame_of(60)));  // the stack holds every buffer
  EXPECT_EQ(bench.nic.poll(kAll), 0u);
  bench.port.release_kept();
  EXPECT_EQ(bench.nic.poll(kAll), 0u);  // refills
  EXPECT_TRUE(bench.model.receive(frame_of(60, 7)));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_EQ(bench.port.frames.back(), frame_of(60, 7));
}

TEST(VirtioNetDevice, TinyQueuesAreRefilledToo) {
  Bench bench;
  bench.model.most_descriptors = 2;
  bench.open();
  for (uint8_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(bench.model.receive(frame_of(60, i)));
    EXPECT_EQ(bench.nic.poll(kAll), 1u);
  }
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
