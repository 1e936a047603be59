// How the virtio-net driver receives.
#include "drivers/virtio_net/device.h"

#include <gtest/gtest.h>

#include "tests/fakes/virtio_bench.h"

namespace hawser::virtio_net {
namespace {

class VirtioNetReceive : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, VirtioNetReceive,
                         testing::Values(Kind::Modern, Kind::Legacy, Kind::LegacySplit));

TEST_P(VirtioNetReceive, FramesArriveInOrderOverManyTurnsOfTheRing) {
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

TEST_P(VirtioNetReceive, IndicesWrapAfter65536Frames) {
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

TEST(VirtioNetReceiver, BudgetBoundsOnePoll) {
  Bench bench;
  bench.open();
  for (int i = 0; i < 10; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(100), 4u);
  EXPECT_EQ(bench.nic.poll(100), 0u);
}

TEST_P(VirtioNetReceive, LengthsOfAFrameThatLie) {
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

TEST_P(VirtioNetReceive, AnswersThatMakeNoSenseAreCountedAndIgnored) {
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
TEST(VirtioNetReceiver, IndexThatRunsAway) {
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

TEST(VirtioNetReceiver, FramesOverSeveralBuffers) {
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

TEST(VirtioNetReceiver, SumsAreTrustedOnlyWhereTheHostSaysSo) {
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

TEST(VirtioNetReceiver, LargeFramesNeedAllThreeFeaturesAndAModernDevice) {
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

TEST(VirtioNetReceiver, BufferCountsThatLie) {
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

TEST(VirtioNetReceiver, PartOfAFrameThatMakesNoSense) {
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

TEST(VirtioNetReceiver, SlotsAreRefilledInBatches) {
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

TEST(VirtioNetReceiver, DryPoolStopsAndResumes) {
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

TEST(VirtioNetReceiver, TinyQueuesAreRefilledToo) {
  Bench bench;
  bench.model.most_descriptors = 2;
  bench.open();
  for (uint8_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(bench.model.receive(frame_of(60, i)));
    EXPECT_EQ(bench.nic.poll(kAll), 1u);
  }
}

}  // namespace
}  // namespace hawser::virtio_net
