// The e1000 driver against a model of the card.
#include "drivers/e1000/device.h"

#include <gtest/gtest.h>

#include "tests/fakes/e1000_model.h"
#include "tests/fakes/fake_platform.h"

namespace hawser::e1000 {
namespace {

using fakes::CountingPort, fakes::E1000Model, fakes::E1000ModelIo, fakes::FakePlatform;
using ModelDevice = Device<E1000ModelIo>;
using Frame = std::vector<uint8_t>;

constexpr size_t kAll = 100'000;

struct Bench {
  FakePlatform platform;
  E1000Model model;
  CountingPort port;
  ModelDevice nic;

  explicit Bench(Family family = Family::Pci82540, size_t buffers = 600)
      : port(buffers), nic({&model}, family, "test", platform) {}
  void open() {
    ASSERT_TRUE(nic.attach().ok());
    Status opened = nic.open(port);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
  }
  bool transmit(const Frame& frame) {
    Bytes whole = frame;
    Bytes pieces[] = {whole.first(whole.size() / 3), {}, whole.subspan(whole.size() / 3)};
    return nic.transmit(pieces);
  }
};

Frame frame_of(size_t length, uint8_t seed = 1) {
  Frame frame(length);
  for (size_t i = 0; i < length; ++i) frame[i] = uint8_t(seed + i);
  return frame;
}

// --- bring-up ------------------------------------------------------------------------------------

TEST(E1000, AddressFromReceiveAddressRegisters) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  EXPECT_EQ(to_string(bench.nic.mac()), "52:54:00:12:34:56");
  EXPECT_FALSE(bench.model.bus_master);
}

TEST(E1000, AddressFromEepromInBothLayouts) {
  for (Family family : {Family::Pci82540, Family::Pci82541, Family::Pcie8257x}) {
    Bench bench(family);
    bench.model.new_eerd_layout = family != Family::Pci82540;
    bench.model.set_reg(0x5404, 0);  // not valid
    ASSERT_TRUE(bench.nic.attach().ok());
    EXPECT_EQ(to_string(bench.nic.mac()), "52:54:00:12:34:56");
  }
}

TEST(E1000, NoAddressAnywhere) {
  for (uint16_t word : {0x0000, 0xffff}) {
    Bench bench;
    bench.model.set_reg(0x5404, 0);
    bench.model.eeprom = {word, word, word};
    Status attached = bench.nic.attach();
    ASSERT_FALSE(attached.ok());
    EXPECT_EQ(attached.error().code, Errc::Device);
    EXPECT_NE(attached.error().text.find("EERD"), std::string::npos);
  }
}

TEST(E1000, EepromThatNeverAnswers) {
  Bench bench;
  bench.model.set_reg(0x5404, 0);
  bench.model.eeprom_answers = false;
  EXPECT_FALSE(bench.nic.attach().ok());
}

TEST(E1000, ResetThatNeverCompletesNamesTheRegister) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  bench.model.reset_completes = false;
  Status opened = bench.nic.open(bench.port);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::Device);
  EXPECT_NE(opened.error().text.find("CTRL"), std::string::npos);
  EXPECT_FALSE(bench.model.bus_master);
  EXPECT_EQ(bench.port.free(), 600u);
}

TEST(E1000, EepromReloadThatNeverEndsNamesTheRegister) {
  Bench bench(Family::Pcie8257x);
  ASSERT_TRUE(bench.nic.attach().ok());
  bench.model.eeprom_auto_read = false;
  Status opened = bench.nic.open(bench.port);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text.find("EECD"), std::string::npos);
}

TEST(E1000, OpenSetsTheCardUp) {
  for (Family family : {Family::Pci82540, Family::Pcie8257x}) {
    Bench bench(family);
    bench.open();
    EXPECT_EQ(bench.model.resets, 2u);  // power-on and ours
    EXPECT_TRUE(bench.model.bus_master);
    EXPECT_EQ(bench.model.reg(0x0000) & 0x44u, 0x40u);  // SLU, PCIe master not disabled
    EXPECT_EQ(bench.model.reg(0x0100), 0x04008012u);    // EN MPE BAM SECRC, 2 KiB buffers
    EXPECT_EQ(bench.model.reg(0x0400) & 2u, 2u);
    EXPECT_EQ(bench.model.reg(0x2808), kRxSlots * 16);
    EXPECT_EQ(bench.model.reg(0x2818), kRxSlots - 1);  // all but one slot posted
    EXPECT_EQ(bench.model.reg(0x3808), kTxSlots * 16);
    EXPECT_EQ(bench.model.reg(0x5400), 0x12005452u);
    EXPECT_EQ(bench.model.reg(0x5404), 0x80005634u);
    EXPECT_EQ(bench.port.free(), 600u - (kRxSlots - 1));
  }
}

TEST(E1000, OpensWithTheAddressItWasGiven) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  ASSERT_TRUE(bench.nic.set_mac({{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}}).ok());
  ASSERT_TRUE(bench.nic.open(bench.port).ok());
  EXPECT_EQ(bench.model.reg(0x5400), 0x33221102u);
  EXPECT_EQ(bench.model.reg(0x5404), 0x80005544u);
  EXPECT_EQ(to_string(bench.nic.mac()), "02:11:22:33:44:55");
  EXPECT_EQ(to_string(bench.nic.permanent_mac()), "52:54:00:12:34:56");
}

/// QEMU's 8254x does not clear registers on reset, and holds frames back for a second after each
/// write of RCTL. One write has to do.
TEST(E1000, ReceiverIsSwitchedOnOnceWhereResetKeepsIt) {
  Bench bench;
  ASSERT_TRUE(bench.nic.attach().ok());
  EXPECT_EQ(bench.model.rctl_writes, 1u);
  EXPECT_FALSE(bench.model.can_receive());
  EXPECT_EQ(bench.model.reg(0x0100), 0x04008012u);
}

TEST(E1000, LinkFollowsTheStatusRegister) {
  Bench bench;
  bench.open();
  EXPECT_EQ(bench.nic.link(), Link::Up);
  bench.model.link_up = false;
  EXPECT_EQ(bench.nic.link(), Link::Down);
}

// --- receiving -----------------------------------------------------------------------------------

TEST(E1000, FramesArriveInOrderOverManyTurnsOfTheRing) {
  Bench bench;
  bench.open();
  size_t count = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 97; ++i, ++count)
      ASSERT_TRUE(bench.model.receive(frame_of(60 + count % 1400, uint8_t(count))));
    EXPECT_EQ(bench.nic.poll(kAll), 97u);
  }
  ASSERT_EQ(bench.port.frames.size(), count);
  for (size_t i = 0; i < count; ++i)
    ASSERT_EQ(bench.port.frames[i], frame_of(60 + i % 1400, uint8_t(i)));
  EXPECT_EQ(bench.nic.counters().rx_frames, count);
}

TEST(E1000, BudgetBoundsOnePoll) {
  Bench bench;
  bench.open();
  for (int i = 0; i < 10; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(3), 3u);
  EXPECT_EQ(bench.nic.poll(100), 4u);
  EXPECT_EQ(bench.nic.poll(100), 0u);
}

TEST(E1000, BadDescriptorsAreDroppedAndCounted) {
  Bench bench;
  bench.open();
  bench.model.receive_raw(frame_of(60), 60, 3, 0x01);  // CRC error
  bench.model.receive_raw(frame_of(60), 2049, 3, 0);   // longer than the buffer
  bench.model.receive_raw(frame_of(60), 0xffff, 3, 0);
  bench.model.receive_raw(frame_of(60), 0, 3, 0);
  bench.model.receive_raw(frame_of(60), 2048, 1, 0);  // three descriptors: one long frame
  bench.model.receive_raw(frame_of(60), 2048, 1, 0);
  bench.model.receive_raw(frame_of(60), 100, 3, 0);
  bench.model.receive(frame_of(64, 9));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  ASSERT_EQ(bench.port.frames.size(), 1u);
  EXPECT_EQ(bench.port.frames[0], frame_of(64, 9));
  EXPECT_EQ(bench.nic.counters().rx_errors, 5u);
  EXPECT_EQ(bench.nic.counters().rx_frames, 1u);
  EXPECT_EQ(bench.port.free(), 600u - (kRxSlots - 1) + 8);  // eight slots wait to be refilled
}

TEST(E1000, SlotsAreRefilledInBatches) {
  Bench bench;
  bench.open();
  uint32_t tail = bench.model.reg(0x2818);
  for (uint32_t i = 1; i < kRefillBatch; ++i) bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(kAll), kRefillBatch - 1);
  EXPECT_EQ(bench.model.reg(0x2818), tail);
  bench.model.receive(frame_of(60));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_EQ(bench.model.reg(0x2818), (tail + kRefillBatch) % kRxSlots);
  EXPECT_EQ(bench.port.free(), 600u - (kRxSlots - 1));
}

TEST(E1000, DryPoolStopsAndResumes) {
  Bench bench(Family::Pci82540, 8);
  bench.open();
  bench.port.keep = true;
  EXPECT_EQ(bench.model.reg(0x2818), 8u);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(bench.model.receive(frame_of(60)));
  EXPECT_FALSE(bench.model.receive(frame_of(60)));
  EXPECT_EQ(bench.nic.poll(kAll), 8u);
  EXPECT_FALSE(bench.model.receive(frame_of(60)));  // the stack holds every buffer
  EXPECT_EQ(bench.nic.poll(kAll), 0u);
  EXPECT_EQ(bench.nic.counters().rx_missed, 2u);
  bench.port.release_kept();
  EXPECT_EQ(bench.nic.poll(kAll), 0u);  // refills
  EXPECT_TRUE(bench.model.receive(frame_of(60, 7)));
  EXPECT_EQ(bench.nic.poll(kAll), 1u);
  EXPECT_EQ(bench.port.frames.back(), frame_of(60, 7));
}

TEST(E1000, StatisticsAddUpOverClearOnReadRegisters) {
  Bench bench;
  bench.open();
  bench.model.set_reg(0x4010, 5);
  bench.model.set_reg(0x4000, 2);
  bench.model.set_reg(0x401c, 1);
  EXPECT_EQ(bench.nic.counters().rx_missed, 5u);
  bench.model.set_reg(0x4010, 0xffffffff);
  EXPECT_EQ(bench.nic.counters().rx_missed, 5u + 0xffffffffull);
  EXPECT_EQ(bench.nic.counters().rx_errors, 2u);
  EXPECT_EQ(bench.nic.counters().tx_errors, 1u);
}

// --- sending -------------------------------------------------------------------------------------

TEST(E1000, FramesLeaveWithOneDoorbellPerBatch) {
  Bench bench;
  bench.open();
  uint32_t before = bench.model.tail_writes;
  for (uint8_t i = 0; i < 10; ++i) EXPECT_TRUE(bench.transmit(frame_of(100 + i, i)));
  EXPECT_TRUE(bench.model.sent.empty());
  bench.nic.poll(kAll);
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.tail_writes, before + 1);
  ASSERT_EQ(bench.model.sent.size(), 10u);
  for (uint8_t i = 0; i < 10; ++i) EXPECT_EQ(bench.model.sent[i], frame_of(100 + i, i));
}

TEST(E1000, ShortFramesArePaddedWithZeros) {
  Bench bench;
  bench.open();
  for (uint32_t i = 0; i < kTxSlots; ++i) {  // so that every slot has held other data
    ASSERT_TRUE(bench.transmit(frame_of(1514, 0xaa)));
    bench.nic.poll(kAll);
  }
  EXPECT_TRUE(bench.transmit(frame_of(42)));
  bench.nic.poll(kAll);
  Frame expected = frame_of(42);
  expected.resize(60);
  EXPECT_EQ(bench.model.sent.back(), expected);
}

TEST(E1000, FramesOfBadLengthAreRefused) {
  Bench bench;
  bench.open();
  EXPECT_TRUE(bench.transmit(frame_of(1518)));
  EXPECT_FALSE(bench.transmit(frame_of(1519)));
  EXPECT_FALSE(bench.transmit(frame_of(100'000)));
  EXPECT_FALSE(bench.transmit({}));
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.sent.size(), 1u);
  EXPECT_EQ(bench.nic.counters().tx_errors, 3u);
}

TEST(E1000, FullRingRefusesUntilTheCardHasSent) {
  Bench bench;
  bench.open();
  bench.model.sends = false;
  for (uint32_t i = 0; i < kTxSlots - 1; ++i) ASSERT_TRUE(bench.transmit(frame_of(60, uint8_t(i))));
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  bench.nic.poll(kAll);
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  bench.model.sends = true;
  bench.model.write(0x3818, bench.model.reg(0x3818));
  EXPECT_TRUE(bench.transmit(frame_of(60, 77)));
  bench.nic.poll(kAll);
  EXPECT_EQ(bench.model.sent.size(), kTxSlots);
  EXPECT_EQ(bench.model.sent.back(), frame_of(60, 77));
}

// --- closing -------------------------------------------------------------------------------------

TEST(E1000, CloseReturnsAllBuffersAndLeavesTheCardQuiet) {
  Bench bench;
  bench.open();
  bench.model.receive(frame_of(60));  // never polled
  bench.transmit(frame_of(60, 5));    // still sent
  bench.nic.close();
  EXPECT_EQ(bench.port.free(), 600u);
  EXPECT_FALSE(bench.model.bus_master);
  EXPECT_FALSE(bench.model.reg(0x0100) & 2u);
  EXPECT_FALSE(bench.model.reg(0x0400) & 2u);
  ASSERT_EQ(bench.model.sent.size(), 1u);
  bench.nic.close();  // harmless
  EXPECT_FALSE(bench.transmit(frame_of(60)));
  EXPECT_EQ(bench.nic.poll(kAll), 0u);
}

TEST(E1000, CloseDoesNotWaitForeverForFramesThatCannotLeave) {
  Bench bench;
  bench.open();
  bench.model.sends = false;
  bench.transmit(frame_of(60));
  uint64_t before = bench.platform.now_us();
  bench.nic.close();
  EXPECT_LT(bench.platform.now_us() - before, 50'000u);
  EXPECT_EQ(bench.port.free(), 600u);
}

TEST(E1000, OpensAgainAfterClose) {
  Bench bench;
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

TEST(E1000, DestructionCloses) {
  CountingPort port(600);
  FakePlatform platform;
  E1000Model model;
  {
    ModelDevice nic({&model}, Family::Pci82540, "test", platform);
    ASSERT_TRUE(nic.attach().ok());
    ASSERT_TRUE(nic.open(port).ok());
  }
  EXPECT_EQ(port.free(), 600u);
  EXPECT_FALSE(model.bus_master);
}

}  // namespace
}  // namespace hawser::e1000
