// What is peculiar to Intel's gigabit cards; what holds for all cards is in ring_nic_test.cc.
#include "drivers/e1000/device.h"

#include <gtest/gtest.h>

#include "tests/fakes/e1000_model.h"
#include "tests/fakes/ring_nic_bench.h"

namespace hawser::e1000 {
namespace {

using namespace fakes;

template <Family family>
struct ModelOf final : E1000Model {
  ModelOf() : E1000Model(family) {}
};
template <Family family>
constexpr Kind kOf = kind<ModelOf<family>, Device, family>("", "e1000");
constexpr Kind kAllKinds[] = {kOf<Family::Pci82540>, kOf<Family::Pci82541>, kOf<Family::Pcie8257x>,
                              kOf<Family::Queues>};

struct E1000Bench : Bench {
  using Bench::Bench;
  E1000Model& card = as<E1000Model>();
};

TEST(E1000, AddressFromTheEepromInBothLayouts) {
  for (const Kind& kind : kAllKinds) {
    E1000Bench bench(kind);
    bench.card.forget_address();
    Status attached = bench.nic->attach();
    ASSERT_TRUE(attached.ok()) << attached.error().text;
    EXPECT_EQ(to_string(bench.nic->mac()), "52:54:00:12:34:56");
  }
}

TEST(E1000, EepromThatNeverAnswersIsNamed) {
  E1000Bench bench(kOf<Family::Pci82540>);
  bench.card.forget_address();
  bench.card.eeprom_answers = false;
  Status attached = bench.nic->attach();
  ASSERT_FALSE(attached.ok());
  EXPECT_EQ(attached.error().code, Errc::Device);
  EXPECT_NE(attached.error().text.find("EERD"), std::string::npos);
}

TEST(E1000, EepromReloadThatNeverEndsNamesTheRegister) {
  E1000Bench bench(kOf<Family::Pcie8257x>);
  ASSERT_TRUE(bench.nic->attach().ok());
  bench.card.eeprom_auto_read = false;
  Status opened = bench.nic->open(bench.port);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text.find("EECD"), std::string::npos);
}

TEST(E1000, CardsWithQueuesDoWithoutAnEeprom) {
  E1000Bench bench(kOf<Family::Queues>);
  ASSERT_TRUE(bench.nic->attach().ok());
  bench.card.eeprom_auto_read = false;
  EXPECT_TRUE(bench.nic->open(bench.port).ok());
  EXPECT_TRUE(bench.card.receive(frame_of(60)));
}

TEST(E1000, QueueThatIsNeverEnabledNamesTheRegister) {
  E1000Bench bench(kOf<Family::Queues>);
  ASSERT_TRUE(bench.nic->attach().ok());
  bench.card.queues_start = false;
  Status opened = bench.nic->open(bench.port);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text.find("register TXDCTL"), std::string::npos) << opened.error().text;
  EXPECT_FALSE(bench.card.bus_master);
  EXPECT_EQ(bench.port.free(), kBuffers);
}

TEST(E1000, OpenSetsTheCardUp) {
  for (const Kind& kind : kAllKinds) {
    E1000Bench bench(kind);
    bench.open();
    E1000Model& card = bench.card;
    EXPECT_EQ(card.resets, 2u);                  // power-on and ours
    EXPECT_EQ(card.reg(0x0000) & 0x44u, 0x40u);  // SLU, PCIe master not disabled
    EXPECT_EQ(card.reg(0x0100), 0x04008012u);    // EN MPE BAM SECRC, 2 KiB buffers
    EXPECT_EQ(card.reg(0x2808), RingNic::kRxSlots * 16);
    EXPECT_EQ(card.reg(0x2818), RingNic::kRxSlots - 1);  // all but one slot posted
    EXPECT_EQ(card.reg(0x3808), RingNic::kTxSlots * 16);
    EXPECT_EQ(bench.port.free(), kBuffers - (RingNic::kRxSlots - 1));
  }
}

TEST(E1000, QueuesWriteEachDescriptorBackAtOnce) {
  E1000Bench bench(kOf<Family::Queues>);
  bench.open();
  EXPECT_EQ(bench.card.reg(0x2828), 1u << 25 | 12);  // WTHRESH 0; thresholds for reading stay
}

TEST(E1000, LinkIsNegotiatedWhereOnlyThePhyHasOne) {
  E1000Bench bench(kOf<Family::Queues>);
  bench.card.negotiates_alone = false;
  bench.open();
  EXPECT_EQ(bench.nic->link(), Link::Up);
  EXPECT_EQ(bench.card.negotiations, 1u);
}

TEST(E1000, LinkIsLeftAloneWhereThereIsOneOrNone) {
  for (int i = 0; i < 3; ++i) {
    E1000Bench bench(kOf<Family::Queues>);
    bench.card.link_up = i == 0;
    bench.card.phy_answers = i != 2;
    bench.open();
    EXPECT_EQ(bench.card.negotiations, 0u);
  }
}

/// QEMU's 8254x does not clear registers on reset, and holds frames back for a second after each
/// write of RCTL. One write has to do.
TEST(E1000, ReceiverIsSwitchedOnOnceWhereResetKeepsIt) {
  E1000Bench bench(kOf<Family::Pci82540>);
  ASSERT_TRUE(bench.nic->attach().ok());
  EXPECT_EQ(bench.card.rctl_writes, 1u);
  EXPECT_FALSE(bench.card.receive(frame_of(60)));
  EXPECT_EQ(bench.card.reg(0x0100), 0x04008012u);
  bench.nic->close();  // though it was never opened
  EXPECT_EQ(bench.card.reg(0x0100), 0u);
}

TEST(E1000, SlotsAreRefilledInBatches) {
  constexpr uint32_t kBatch = (RingNic::kRxSlots - 1) / 8;
  E1000Bench bench(kOf<Family::Pci82540>);
  bench.open();
  uint32_t tail = bench.card.reg(0x2818);
  for (uint32_t i = 1; i < kBatch; ++i) bench.card.receive(frame_of(60));
  EXPECT_EQ(bench.nic->poll(kAll), kBatch - 1);
  EXPECT_EQ(bench.card.reg(0x2818), tail);
  bench.card.receive(frame_of(60));
  EXPECT_EQ(bench.nic->poll(kAll), 1u);
  EXPECT_EQ(bench.card.reg(0x2818), (tail + kBatch) % RingNic::kRxSlots);
  EXPECT_EQ(bench.port.free(), kBuffers - (RingNic::kRxSlots - 1));
}

TEST(E1000, StatisticsAddUpOverClearOnReadRegisters) {
  E1000Bench bench(kOf<Family::Pci82540>);
  bench.open();
  bench.card.set_reg(0x4010, 5);
  bench.card.set_reg(0x4000, 2);
  bench.card.set_reg(0x401c, 1);
  EXPECT_EQ(bench.nic->counters().rx_missed, 5u);
  bench.card.set_reg(0x4010, 0xffffffff);
  EXPECT_EQ(bench.nic->counters().rx_missed, 5u + 0xffffffffull);
  EXPECT_EQ(bench.nic->counters().rx_errors, 2u);
  EXPECT_EQ(bench.nic->counters().tx_errors, 1u);
}

TEST(E1000, FramesLeaveWithOneDoorbellPerBatch) {
  E1000Bench bench(kOf<Family::Pci82540>);
  bench.open();
  for (uint8_t i = 0; i < 10; ++i) EXPECT_TRUE(bench.transmit(frame_of(100 + i, i)));
  EXPECT_TRUE(bench.card.sent.empty());
  bench.nic->poll(kAll);
  bench.nic->poll(kAll);
  EXPECT_EQ(bench.card.doorbells, 1u);
  EXPECT_EQ(bench.card.sent.size(), 10u);
}

}  // namespace
}  // namespace hawser::e1000
