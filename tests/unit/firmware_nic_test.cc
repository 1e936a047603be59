// What holds for every driver over a network protocol of UEFI firmware: SNP, MNP and the UNDI
// below.
#include <gtest/gtest.h>

#include "tests/fakes/fake_mnp.h"
#include "tests/fakes/fake_snp.h"
#include "tests/fakes/fake_undi.h"

namespace hawser {
namespace {

using fakes::FakeFirmwareNic;
using fakes::Frame;
using fakes::frame_of;

struct Kind {
  const char* name;
  std::unique_ptr<FakeFirmwareNic> (*make)();
};
template <class Fake>
std::unique_ptr<FakeFirmwareNic> make() {
  return std::make_unique<Fake>();
}

class FirmwareNicTest : public testing::TestWithParam<Kind> {
 protected:
  static constexpr size_t kBuffers = 8;
  /// Frames that have to be dropped before the firmware's patience with us ends, and more.
  static constexpr int kMany = 200;

  std::unique_ptr<FakeFirmwareNic> firmware = GetParam().make();
  fakes::CountingPort port{kBuffers};
  std::unique_ptr<Nic> nic = firmware->make_driver();

  bool send(const Frame& frame) { return fakes::transmit(*nic, frame); }
};
INSTANTIATE_TEST_SUITE_P(Protocols, FirmwareNicTest,
                         testing::Values(Kind{"snp", make<fakes::FakeSnp>},
                                         Kind{"mnp", make<fakes::FakeMnp>},
                                         Kind{"nii", make<fakes::FakeUndi>}),
                         [](const auto& info) { return info.param.name; });

TEST_P(FirmwareNicTest, OpensAgainAfterClose) {
  EXPECT_EQ(nic->driver(), GetParam().name);
  EXPECT_EQ(nic->mac(), FakeFirmwareNic::kCurrent);
  for (uint8_t round = 0; round < 3; ++round) {
    EXPECT_EQ(nic->link(), Link::Down);
    EXPECT_FALSE(send(frame_of(60)));
    EXPECT_EQ(nic->poll(1), 0u);
    ASSERT_TRUE(nic->open(port).ok());
    EXPECT_EQ(nic->mtu(), 1500u);
    EXPECT_EQ(nic->permanent_mac(), FakeFirmwareNic::kPermanent);
    firmware->arrive(frame_of(60, round));
    EXPECT_EQ(nic->poll(8), 1u);
    EXPECT_EQ(port.frames.back(), frame_of(60, round));
    EXPECT_TRUE(send(frame_of(61, round)));
    EXPECT_EQ(firmware->sent.back(), frame_of(61, round));
    nic->close();
    nic->close();
    EXPECT_EQ(port.free(), kBuffers);
  }
}

TEST_P(FirmwareNicTest, LinkIsWhatTheFirmwareSaysIfItSays) {
  ASSERT_TRUE(nic->open(port).ok());
  EXPECT_EQ(nic->link(), Link::Up) << "nobody says otherwise";
  nic->close();
  for (Link link : {Link::Down, Link::Up}) {
    firmware->set_link(link);
    ASSERT_TRUE(nic->open(port).ok());
    EXPECT_EQ(nic->link(), link);
    nic->close();
  }
  ASSERT_TRUE(nic->open(port).ok());
  for (Link link : {Link::Down, Link::Up}) {
    firmware->set_link(link);
    for (int i = 0; i < 65; ++i) nic->poll(1);
    EXPECT_EQ(nic->link(), link);
  }
}

TEST_P(FirmwareNicTest, ReceivesFramesOfEverySize) {
  ASSERT_TRUE(nic->open(port).ok());
  for (size_t bytes : {14u, 60u, 1518u, 2048u}) firmware->arrive(frame_of(bytes));
  EXPECT_EQ(nic->poll(3), 3u) << "the budget";
  EXPECT_EQ(nic->poll(3), 1u);
  EXPECT_EQ(nic->poll(3), 0u);
  ASSERT_EQ(port.frames.size(), 4u);
  EXPECT_EQ(port.frames[2], frame_of(1518));
  EXPECT_EQ(port.frames[3], frame_of(2048));
  EXPECT_EQ(nic->counters().rx_frames, 4u);
}

TEST_P(FirmwareNicTest, EndlessBadFramesDoNotHoldAPoll) {
  ASSERT_TRUE(nic->open(port).ok());
  firmware->endless = true;
  firmware->arrive_bad();
  EXPECT_EQ(nic->poll(8), 0u);
  EXPECT_EQ(nic->counters().rx_errors, 8u);
}

TEST_P(FirmwareNicTest, WaitsWhenTheStackHasNoBuffer) {
  port.keep = true;
  ASSERT_TRUE(nic->open(port).ok());
  for (int i = 0; i < 10; ++i) firmware->arrive(frame_of(60, uint8_t(i)));
  EXPECT_EQ(nic->poll(100), kBuffers);
  EXPECT_EQ(nic->poll(100), 0u);
  port.release_kept();
  port.keep = false;
  EXPECT_EQ(nic->poll(100), 2u) << "the firmware kept them meanwhile";
  EXPECT_EQ(port.frames.at(8), frame_of(60, 8));
}

TEST_P(FirmwareNicTest, SendsPaddedFramesAndReusesSlots) {
  ASSERT_TRUE(nic->open(port).ok());
  ASSERT_TRUE(send(frame_of(42)));
  Frame padded = frame_of(42);
  padded.resize(60);
  EXPECT_EQ(firmware->sent.at(0), padded);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(send(frame_of(100, uint8_t(i)))) << i;
  EXPECT_EQ(firmware->sent.back(), frame_of(100, uint8_t(999)));
  EXPECT_EQ(nic->counters().tx_frames, 1001u);
  EXPECT_TRUE(send(frame_of(1518)));
  EXPECT_FALSE(send(frame_of(1519)));
  EXPECT_FALSE(send(frame_of(13)));
}

TEST_P(FirmwareNicTest, ARefusedFrameIsCounted) {
  ASSERT_TRUE(nic->open(port).ok());
  firmware->broken = {"transmit"};
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(nic->counters().tx_errors, 1u);
  firmware->broken.clear();
  EXPECT_TRUE(send(frame_of(60)));
}

TEST_P(FirmwareNicTest, FramesInTheFirmwaresHandsStayUntouched) {
  firmware->gives_back = false;
  ASSERT_TRUE(nic->open(port).ok());
  std::vector<Frame> expected;
  while (expected.size() < 1000 && send(frame_of(100, uint8_t(expected.size()))))
    expected.push_back(frame_of(100, uint8_t(expected.size())));
  EXPECT_GE(expected.size(), 16u);
  EXPECT_LE(expected.size(), 32u);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(send(frame_of(100, 0xee)));
  EXPECT_EQ(firmware->held(), expected);
}

TEST_P(FirmwareNicTest, FirmwareThatGivesNothingBackDoesNotStopUs) {
  firmware->gives_back = false;
  ASSERT_TRUE(nic->open(port).ok());
  int accepted = 0, wanted = 0;
  while (wanted < 1000 && send(frame_of(60))) ++wanted;
  for (int i = 0; i < kMany; ++i) accepted += send(frame_of(60));
  EXPECT_GE(accepted, 2) << "after some that were dropped";
  EXPECT_LT(accepted, kMany);
}

}  // namespace
}  // namespace hawser
