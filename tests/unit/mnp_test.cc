// The driver over UEFI's Managed Network Protocol, with firmware that does it well and badly.
#include "drivers/mnp/device.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/fakes/fake_mnp.h"

namespace hawser::mnp {
namespace {

using efi::Code;
using fakes::FakeMnp;
using fakes::Frame;
using fakes::frame_of;

class Mnp : public testing::Test {
 protected:
  FakeMnp firmware;
  fakes::CountingPort port{8};
  Device device{firmware.boot, firmware.binding, firmware.mode};

  bool send(const Frame& frame) { return fakes::transmit(device, frame); }
};

TEST_F(Mnp, TheCardIsDescribedByAChildThatGoesAgain) {
  auto mode = mode_of(firmware.boot, firmware.binding);
  ASSERT_TRUE(mode);
  EXPECT_EQ(mode->max_packet_bytes, 1500u);
  EXPECT_EQ(firmware.calls, (std::vector<std::string>{"create", "handle", "mode", "destroy"}));
  for (const char* call : {"create", "handle", "mode"}) {
    firmware.broken = {call};
    EXPECT_FALSE(mode_of(firmware.boot, firmware.binding)) << call;
    EXPECT_EQ(firmware.children, 0u) << call;
  }
  firmware.broken.clear();
  firmware.mode.interface_type = 32;
  EXPECT_FALSE(mode_of(firmware.boot, firmware.binding)) << "InfiniBand";
}

TEST_F(Mnp, OpensForAllFramesOfOursAndGivesEverythingBack) {
  EXPECT_EQ(device.mac(), (Mac{{0x10, 0x11, 0x12, 0x13, 0x14, 0x15}}));
  EXPECT_EQ(device.permanent_mac(), (Mac{{0x20, 0x21, 0x22, 0x23, 0x24, 0x25}}));
  EXPECT_EQ(device.mtu(), 1500u);
  EXPECT_EQ(device.link(), Link::Down);
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(device.open(port).ok());
    EXPECT_TRUE(firmware.configured);
    EXPECT_TRUE(firmware.config.unicast && firmware.config.broadcast && firmware.config.multicast);
    EXPECT_FALSE(firmware.config.promiscuous);
    EXPECT_TRUE(firmware.config.no_background_polling);
    EXPECT_EQ(firmware.config.protocol_filter, 0u);
    device.poll(1);
    device.close();
    device.close();
    EXPECT_FALSE(firmware.configured);
    EXPECT_EQ(firmware.children, 0u);
    EXPECT_TRUE(firmware.events.empty());
  }
  EXPECT_EQ(firmware.groups.at(1), (Frame{0x01, 0x80, 0xc2, 0, 0, 2}));
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(device.poll(1), 0u);
}

TEST_F(Mnp, EachCallThatFailsIsNamed) {
  for (auto [call, text, status] : {std::tuple{"create", "CreateChild()", "status 7"},
                                    {"handle", "HandleProtocol()", "status 7"},
                                    {"event", "CreateEvent()", "status 9"},
                                    {"configure", "Configure()", "status 7"}}) {
    firmware.broken = {call};
    Status opened = device.open(port);
    ASSERT_FALSE(opened.ok()) << call;
    EXPECT_EQ(opened.error().code, Errc::Device);
    EXPECT_NE(opened.error().text.find(text), std::string::npos) << opened.error().text;
    EXPECT_NE(opened.error().text.find(status), std::string::npos) << opened.error().text;
    EXPECT_TRUE(firmware.events.empty()) << call;
    EXPECT_EQ(firmware.children, 0u) << call;
  }
  firmware.broken = {"groups", "mode"};
  EXPECT_TRUE(device.open(port).ok()) << "one can do without";
  EXPECT_EQ(device.link(), Link::Up) << "nobody says otherwise";
}

TEST_F(Mnp, FramesThatWaitAreDeliveredAtOnce) {
  firmware.needs_poll = false;
  ASSERT_TRUE(device.open(port).ok());
  for (uint8_t i = 0; i < 3; ++i) firmware.answers.push_back({frame_of(60, i)});
  EXPECT_EQ(device.poll(8), 3u);
  EXPECT_EQ(port.frames.at(2), frame_of(60, 2));
  EXPECT_EQ(firmware.count("poll"), 1u) << "when there is none any more";
}

TEST_F(Mnp, ImplausibleLengthsAndErrorsAreDropped) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.answers = {{frame_of(60), Code::Success, 0},
                      {frame_of(60), Code::Success, 13},
                      {frame_of(60), Code::Success, ~0u},
                      {frame_of(60), Code::Success, 14, 2035},
                      {frame_of(60), Code::Success, 14, ~0u},
                      {frame_of(60), Code::Success, {}, {}, true},
                      {{}, Code::DeviceError},
                      {{}, Code::Aborted},
                      {frame_of(60, 3)}};
  EXPECT_EQ(device.poll(20), 1u);
  EXPECT_EQ(port.frames, (std::vector<Frame>{frame_of(60, 3)}));
  EXPECT_EQ(device.counters().rx_errors, 8u);
  EXPECT_EQ(port.free(), 8u);
}

TEST_F(Mnp, ReceiveThatIsRefusedIsTriedAgain) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.broken = {"receive"};
  firmware.answers = {{frame_of(60)}};
  EXPECT_EQ(device.poll(8), 0u);
  firmware.broken.clear();
  EXPECT_EQ(device.poll(8), 1u);
}

TEST_F(Mnp, AFrameThatNobodyTookGoesBackAtClose) {
  port.keep = true;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 9; ++i) firmware.answers.push_back({frame_of(60)});
  EXPECT_EQ(device.poll(100), 8u);
  EXPECT_EQ(firmware.lent, 1u);
  device.close();
  EXPECT_EQ(firmware.lent, 0u);
  port.release_kept();
}

TEST_F(Mnp, WhatIsSentInTimeIsNotCancelled) {
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(send(frame_of(100))) << i;
  EXPECT_EQ(firmware.count("cancel"), 0u);
}

TEST_F(Mnp, FramesInTheFirmwaresHandsStayUntouchedUntilTheyAreCancelled) {
  firmware.gives_back = false;
  ASSERT_TRUE(device.open(port).ok());
  int accepted = 0;
  while (send(frame_of(100, uint8_t(accepted))) && accepted < 1000) ++accepted;
  EXPECT_EQ(accepted, 16);
  for (int i = 0; i < accepted; ++i) {
    auto* at = static_cast<const uint8_t*>(firmware.sending[size_t(i)]->to_send->fragment.data);
    EXPECT_EQ(Frame(at, at + 100), frame_of(100, uint8_t(i))) << i;
  }
  for (int i = 0; i < 63; ++i) EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(firmware.count("cancel"), 0u);
  EXPECT_TRUE(send(frame_of(60))) << "the oldest was taken back";
  EXPECT_EQ(firmware.sending.size(), 16u);
  firmware.broken = {"cancel"};
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(send(frame_of(60))) << "it may not be";
  firmware.broken.clear();
  FakeMnp::finish(firmware.sending.front(), Code::Success);
  firmware.sending.pop_front();
  EXPECT_TRUE(send(frame_of(60)));
}

}  // namespace
}  // namespace hawser::mnp
