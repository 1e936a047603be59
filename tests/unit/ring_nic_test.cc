// The drivers of cards with rings, each against a model of its card: what holds for all of them,
// and then what is peculiar to one.
#include "drivers/ring_nic.h"

#include <gtest/gtest.h>

#include "drivers/e1000/device.h"
#include "drivers/pcnet/device.h"
#include "drivers/rtl8139/device.h"
#include "drivers/vmxnet3/device.h"
#include "tests/fakes/e1000_model.h"
#include "tests/fakes/pcnet_model.h"
#include "tests/fakes/ring_nic_bench.h"
#include "tests/fakes/rtl8139_model.h"
#include "tests/fakes/vmxnet3_model.h"

namespace hawser {
namespace {

using namespace fakes;
using e1000::Family;

constexpr Kind kE1000 = kind<E1000Model, e1000::Device, Family::Pci82540>("e1000", "e1000"),
               kE1000e = kind<E1000PcieModel, e1000::Device, Family::Pcie8257x>("e1000e", "e1000"),
               kIgb = kind<E1000QueuesModel, e1000::Device, Family::Queues>("igb", "e1000"),
               kVmxnet3 = kind<Vmxnet3Model, vmxnet3::Device>("vmxnet3", "vmxnet3"),
               kRtl8139 = kind<Rtl8139Model, rtl8139::Device>("rtl8139", "rtl8139"),
               kPcnet = kind<PcnetModel, pcnet::Device>("pcnet", "pcnet");

class RingNicTest : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Cards, RingNicTest,
                         testing::Values(kE1000, kE1000e, kIgb, kVmxnet3, kRtl8139, kPcnet),
                         [](const auto& info) { return info.param.name; });

// --- bring-up ------------------------------------------------------------------------------------

TEST_P(RingNicTest, AttachReadsTheAddressAndLeavesTheCardQuiet) {
  Bench bench(GetParam());
  Status attached = bench.nic->attach();
  ASSERT_TRUE(attached.ok()) << attached.error().text;
  EXPECT_EQ(to_string(bench.nic->mac()), "52:54:00:12:34:56");
  EXPECT_EQ(bench.nic->driver(), GetParam().driver);
  EXPECT_EQ(bench.nic->mtu(), 1500u);
  EXPECT_FALSE(bench.model.running());
  EXPECT_FALSE(bench.model.bus_master);
}

TEST_P(RingNicTest, AddressThatIsNoCardsIsAnError) {
  for (uint8_t byte : {0x00, 0xff}) {
    Bench bench(GetParam());
    bench.model.address.assign(6, byte);
    Status attached = bench.nic->attach();
    ASSERT_FALSE(attached.ok());
    EXPECT_EQ(attached.error().code, Errc::Device);
    EXPECT_NE(attached.error().text.find(to_string(Mac{{byte, byte, byte, byte, byte, byte}})),
              std::string::npos);
  }
}

TEST_P(RingNicTest, CardThatIsNotThereIsAnError) {
  Bench bench(GetParam());
  bench.model.gone = true;
  Status attached = bench.nic->attach();
  ASSERT_FALSE(attached.ok());
  EXPECT_EQ(attached.error().code, Errc::Device);
  EXPECT_NE(attached.error().text.find("powered"), std::string::npos) << attached.error().text;
}

TEST_P(RingNicTest, CardThatNeverGetsReadyIsGivenUp) {
  Bench bench(GetParam());
  ASSERT_TRUE(bench.nic->attach().ok());
  bench.model.starts = false;
  Status opened = bench.nic->open(bench.port);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::Device);
  EXPECT_NE(opened.error().text.find("register C"), std::string::npos) << opened.error().text;
  EXPECT_FALSE(bench.model.bus_master);
  EXPECT_EQ(bench.port.free(), kBuffers);
  EXPECT_EQ(bench.nic->poll(kAll), 0u);
  EXPECT_FALSE(bench.transmit(frame_of(60)));
}

TEST_P(RingNicTest, OpensWithTheAddressItWasGiven) {
  Bench bench(GetParam());
  ASSERT_TRUE(bench.nic->attach().ok());
  ASSERT_TRUE(bench.nic->set_mac({{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}}).ok());
  ASSERT_TRUE(bench.nic->open(bench.port).ok());
  EXPECT_TRUE(bench.model.running());
  EXPECT_EQ(bench.model.filter(), (Frame{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}));
  EXPECT_EQ(to_string(bench.nic->mac()), "02:11:22:33:44:55");
  EXPECT_EQ(to_string(bench.nic->permanent_mac()), "52:54:00:12:34:56");
}

TEST_P(RingNicTest, LinkIsFollowed) {
  Bench bench(GetParam());
  bench.open();
  EXPECT_EQ(bench.nic->link(), Link::Up);
  bench.model.link_up = false;
  EXPECT_EQ(bench.nic->link(), Link::Down);
}

// --- receiving -----------------------------------------------------------------------------------

TEST_P(RingNicTest, FramesArriveInOrderOverManyTurnsOfTheRing) {
  Bench bench(GetParam());
  bench.open();
  size_t count = 0;
  for (int round = 0; round < 150; ++round) {
    for (int i = 0; i < 17; ++i, ++count)
      ASSERT_TRUE(bench.model.receive(frame_of(60 + count % 1459, uint8_t(count)))) << count;
    EXPECT_EQ(bench.nic->poll(kAll), 17u);
  }
  ASSERT_EQ(bench.port.frames.size(), count);
  for (size_t i = 0; i < count; ++i)
    ASSERT_EQ(bench.port.frames[i], frame_of(60 + i % 1459, uint8_t(i))) << i;
  EXPECT_EQ(bench.nic->counters().rx_frames, count);
  EXPECT_EQ(bench.nic->counters().rx_errors, 0u);
}

TEST_P(RingNicTest, BudgetBoundsOnePoll) {
  Bench bench(GetParam());
  bench.open();
  for (int i = 0; i < 10; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic->poll(3), 3u);
  EXPECT_EQ(bench.nic->poll(3), 3u);
  EXPECT_EQ(bench.nic->poll(100), 4u);
  EXPECT_EQ(bench.nic->poll(100), 0u);
}

TEST_P(RingNicTest, RubbishIsDroppedAndCounted) {
  Bench bench(GetParam());
  bench.open();
  if (GetParam().name == std::string_view("rtl8139"))
    bench.as<Rtl8139Model>().on_rubbish = [&] { bench.nic->poll(kAll); };
  size_t errors = bench.model.receive_rubbish();
  EXPECT_EQ(bench.nic->poll(kAll), 0u);
  EXPECT_TRUE(bench.model.receive(frame_of(64, 9)));
  EXPECT_EQ(bench.nic->poll(kAll), 1u);
  ASSERT_EQ(bench.port.frames.size(), 1u);
  EXPECT_EQ(bench.port.frames[0], frame_of(64, 9));
  EXPECT_EQ(bench.nic->counters().rx_errors, errors);
  bench.nic->close();
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST_P(RingNicTest, FullRingLosesFramesAndGoesOn) {
  Bench bench(GetParam());
  bench.open();
  size_t room = 0;
  while (room < 1000 && bench.model.receive(frame_of(1000, uint8_t(room)))) ++room;
  EXPECT_GE(room, 30u);
  EXPECT_LT(room, 1000u);
  EXPECT_EQ(bench.nic->poll(kAll), room);
  EXPECT_TRUE(bench.model.receive(frame_of(60, 7)));
  EXPECT_EQ(bench.nic->poll(kAll), 1u);
  EXPECT_EQ(bench.port.frames.back(), frame_of(60, 7));
}

TEST_P(RingNicTest, DryPoolStopsAndResumes) {
  constexpr size_t kFew = 40;
  Bench bench(GetParam(), kFew);
  bench.open();
  bench.port.keep = true;
  for (size_t i = 0; i < kFew; ++i) ASSERT_TRUE(bench.model.receive(frame_of(60)));
  EXPECT_EQ(bench.nic->poll(kAll), kFew);
  bench.model.receive(frame_of(60, 6));
  EXPECT_EQ(bench.nic->poll(kAll), 0u);  // the stack holds every buffer
  bench.port.release_kept();
  bench.nic->poll(kAll);
  bench.model.receive(frame_of(60, 7));
  bench.nic->poll(kAll);
  EXPECT_EQ(bench.port.frames.back(), frame_of(60, 7));
}

// --- sending -------------------------------------------------------------------------------------

TEST_P(RingNicTest, FramesLeaveInOrderOverManyTurnsOfTheRing) {
  Bench bench(GetParam());
  bench.open();
  size_t count = 0;
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 11; ++i, ++count)
      ASSERT_TRUE(bench.transmit(frame_of(60 + count % 1459, uint8_t(count))));
    bench.nic->poll(kAll);
  }
  ASSERT_EQ(bench.model.sent.size(), count);
  for (size_t i = 0; i < count; ++i)
    ASSERT_EQ(bench.model.sent[i], frame_of(60 + i % 1459, uint8_t(i))) << i;
  EXPECT_EQ(bench.nic->counters().tx_frames, count);
}

TEST_P(RingNicTest, ShortFramesArePaddedWithZeros) {
  Bench bench(GetParam());
  bench.open();
  for (uint32_t i = 0; i < RingNic::kTxSlots; ++i) {  // so that every slot has held other data
    ASSERT_TRUE(bench.transmit(frame_of(1514, 0xaa)));
    bench.nic->poll(kAll);
  }
  EXPECT_TRUE(bench.transmit(frame_of(42)));
  bench.nic->poll(kAll);
  Frame expected = frame_of(42);
  expected.resize(60);
  EXPECT_EQ(bench.model.sent.back(), expected);
}

TEST_P(RingNicTest, FramesOfBadLengthAreRefused) {
  Bench bench(GetParam());
  bench.open();
  EXPECT_TRUE(bench.transmit(frame_of(1518)));
  EXPECT_FALSE(bench.transmit(frame_of(1519)));
  EXPECT_FALSE(bench.transmit(frame_of(100'000)));
  EXPECT_FALSE(bench.transmit({}));
  bench.nic->poll(kAll);
  ASSERT_EQ(bench.model.sent.size(), 1u);
  EXPECT_EQ(bench.model.sent[0], frame_of(1518));
  EXPECT_EQ(bench.nic->counters().tx_errors, 3u);
}

TEST_P(RingNicTest, FullRingRefusesUntilTheCardHasSent) {
  Bench bench(GetParam());
  bench.open();
  bench.model.sends = false;
  size_t queued = 0;
  while (queued < 1000 && bench.transmit(frame_of(60, uint8_t(queued)))) ++queued;
  EXPECT_EQ(queued, RingNic::kTxSlots - 1);
  bench.nic->poll(kAll);
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  bench.model.sends = true;
  bench.model.transmit();
  EXPECT_TRUE(bench.transmit(frame_of(60, 77)));
  bench.nic->poll(kAll);
  bench.nic->poll(kAll);
  ASSERT_EQ(bench.model.sent.size(), queued + 1);
  for (size_t i = 0; i < queued; ++i) ASSERT_EQ(bench.model.sent[i], frame_of(60, uint8_t(i)));
  EXPECT_EQ(bench.model.sent.back(), frame_of(60, 77));
}

// --- closing -------------------------------------------------------------------------------------

TEST_P(RingNicTest, CloseReturnsAllBuffersAndLeavesTheCardQuiet) {
  Bench bench(GetParam());
  bench.open();
  bench.model.receive(frame_of(60));                                 // never polled
  for (uint8_t i = 0; i < 20; ++i) bench.transmit(frame_of(60, i));  // still sent
  bench.nic->close();
  EXPECT_EQ(bench.port.free(), kBuffers);
  EXPECT_FALSE(bench.model.running());
  EXPECT_FALSE(bench.model.bus_master);
  ASSERT_EQ(bench.model.sent.size(), 20u);
  bench.nic->close();  // harmless
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  EXPECT_EQ(bench.nic->poll(kAll), 0u);
}

TEST_P(RingNicTest, CloseDoesNotWaitForeverForFramesThatCannotLeave) {
  Bench bench(GetParam());
  bench.open();
  bench.model.sends = false;
  bench.transmit(frame_of(60));
  uint64_t before = bench.platform.now_us();
  bench.nic->close();
  EXPECT_LT(bench.platform.now_us() - before, 200'000u);
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST_P(RingNicTest, CardThatVanishesDoesNoHarm) {
  Bench bench(GetParam());
  bench.open();
  bench.model.receive(frame_of(60));
  bench.transmit(frame_of(60));
  bench.model.gone = true;
  for (int i = 0; i < 300; ++i) {
    bench.nic->poll(kAll);
    bench.transmit(frame_of(60));
  }
  EXPECT_LE(bench.port.frames.size(), 1u);
  bench.nic->close();
  EXPECT_EQ(bench.port.free(), kBuffers);
  EXPECT_FALSE(bench.model.bus_master);
}

TEST_P(RingNicTest, OpensAgainAfterClose) {
  Bench bench(GetParam());
  bench.open();
  for (int i = 0; i < 100; ++i) {
    bench.model.receive(frame_of(60));
    bench.transmit(frame_of(60));
    bench.nic->poll(kAll);
  }
  bench.nic->close();
  bench.model.sent.clear();
  ASSERT_TRUE(bench.nic->open(bench.port).ok());
  EXPECT_EQ(bench.nic->counters().rx_frames, 0u);
  ASSERT_TRUE(bench.model.receive(frame_of(61)));
  EXPECT_EQ(bench.nic->poll(kAll), 1u);
  EXPECT_TRUE(bench.transmit(frame_of(60)));
  bench.nic->poll(kAll);
  EXPECT_EQ(bench.model.sent.size(), 1u);
}

TEST_P(RingNicTest, DestructionCloses) {
  Bench bench(GetParam());
  bench.open();
  bench.nic.reset();
  EXPECT_EQ(bench.port.free(), kBuffers);
  EXPECT_FALSE(bench.model.bus_master);
}

// --- of one card ---------------------------------------------------------------------------------

TEST(Vmxnet3, OneDoorbellPerBatch) {
  Bench bench(kVmxnet3);
  bench.open();
  for (uint8_t i = 0; i < 10; ++i) EXPECT_TRUE(bench.transmit(frame_of(100 + i, i)));
  EXPECT_TRUE(bench.model.sent.empty());
  bench.nic->poll(kAll);
  bench.nic->poll(kAll);
  EXPECT_EQ(bench.model.doorbells, 1u);
  EXPECT_EQ(bench.model.sent.size(), 10u);
}

TEST(Vmxnet3, SlotThatTheCardPassesOverIsFreed) {
  Bench bench(kVmxnet3);
  bench.open();
  ASSERT_TRUE(bench.as<Vmxnet3Model>().receive_in_second_slot(frame_of(60, 4)));
  EXPECT_EQ(bench.nic->poll(kAll), 1u);
  EXPECT_EQ(bench.port.frames.at(0), frame_of(60, 4));
  EXPECT_EQ(bench.port.free(), kBuffers - (RingNic::kRxSlots - 1) + 2);
}

TEST(Pcnet, FailedFramesAreCounted) {
  Bench bench(kPcnet);
  bench.open();
  bench.as<PcnetModel>().fails_to_send = true;
  for (uint32_t i = 0; i < RingNic::kTxSlots;
       ++i) {  // their slots are looked at when they are needed
    bench.transmit(frame_of(60));
    bench.nic->poll(kAll);
  }
  EXPECT_EQ(bench.nic->counters().tx_errors, RingNic::kTxSlots - 1);
}

TEST(Rtl8139, FramesWaitUntilTheyAreWhole) {
  for (uint16_t length : {0xfff0, 1000}) {
    Bench bench(kRtl8139);
    bench.open();
    bench.as<Rtl8139Model>().receive_part(length);
    EXPECT_EQ(bench.nic->poll(kAll), 0u);
    EXPECT_EQ(bench.nic->poll(kAll), 0u);
    EXPECT_EQ(bench.nic->counters().rx_errors, 0u);
  }
}

TEST(Rtl8139, AbortedFrameIsSentAgain) {
  Bench bench(kRtl8139);
  bench.open();
  bench.as<Rtl8139Model>().aborts = true;
  for (uint8_t i = 0; i < 9; ++i) EXPECT_TRUE(bench.transmit(frame_of(60, i)));
  for (int i = 0; i < 4; ++i) bench.nic->poll(kAll);
  ASSERT_EQ(bench.model.sent.size(), 9u);
  for (uint8_t i = 0; i < 9; ++i) EXPECT_EQ(bench.model.sent[i], frame_of(60, i));
  EXPECT_EQ(bench.nic->counters().tx_errors, 1u);
}

TEST(Rtl8139, RomFindsItsRingsChosenAsItLeftThem) {
  Bench bench(kRtl8139);
  bench.open();
  EXPECT_EQ(bench.as<Rtl8139Model>().mode, 0);
  bench.nic->close();
  EXPECT_EQ(bench.as<Rtl8139Model>().mode, 0x000b);
}

TEST(Rtl8139, OlderChipsHaveNoOtherRings) {
  Bench bench(kRtl8139);
  bench.as<Rtl8139Model>().revision = 0x74000000;
  bench.as<Rtl8139Model>().mode = 0;
  bench.open();
  EXPECT_TRUE(bench.model.receive(frame_of(60)));
  bench.nic->close();
}

TEST(Rtl8139, ReceiverThatRanOutOfRoomIsStartedAgain) {
  Bench bench(kRtl8139);
  bench.open();
  while (bench.model.receive(frame_of(1000))) continue;
  EXPECT_EQ(bench.as<Rtl8139Model>().isr & 0x10, 0x10);
  bench.nic->poll(kAll);
  EXPECT_EQ(bench.as<Rtl8139Model>().isr, 0);
}

}  // namespace
}  // namespace hawser
