// The driver over UEFI's Simple Network Protocol, with firmware that does it well and badly.
#include "drivers/snp/device.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/fake_snp.h"

namespace hawser::snp {
namespace {

using efi::Code;
using efi::SimpleNetwork;
using efi::SimpleNetworkMode;
using fakes::Frame;
using fakes::frame_of;

class Snp : public testing::Test {
 protected:
  fakes::FakeSnp firmware;
  fakes::CountingPort port{8};
  Device device{firmware};

  bool send(const Frame& frame) { return fakes::transmit(device, frame); }
};

TEST_F(Snp, OpensWithFiltersAndClosesToStopped) {
  firmware.state_.state = SimpleNetworkMode::Initialized;  // as another user left it
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(firmware.calls, (std::vector<std::string>{"shutdown", "initialize", "filters"}));
  EXPECT_EQ(firmware.enabled, 0x15u) << "own, broadcast, all multicast";
  EXPECT_EQ(firmware.disabled, 0x0au);
  EXPECT_EQ(device.mac(), (Mac{{0x10, 0x11, 0x12, 0x13, 0x14, 0x15}}));
  EXPECT_EQ(device.permanent_mac(), (Mac{{0x20, 0x21, 0x22, 0x23, 0x24, 0x25}}));
  EXPECT_EQ(device.mtu(), 1500u);
  device.close();
  EXPECT_EQ(firmware.state_.state, SimpleNetworkMode::Stopped);
  EXPECT_EQ(firmware.count("station"), 0u);
  device.close();
  EXPECT_EQ(firmware.count("stop"), 1u);
  EXPECT_EQ(port.free(), 8u);
}

TEST_F(Snp, FiltersAreThoseTheDriverHas) {
  struct {
    uint32_t mask, refused, enabled;
  } cases[] = {
      {0x0d, 0, 0x0d},     // OVMF's virtio: no multicast, so everything
      {0x05, 0, 0x05},     // nothing more to be had
      {0x1f, 0x10, 0x0d},  // says that it can, but cannot
      {0x1f, 0x18, 0x05}, {0x04, 0, 0x04},
  };
  for (const auto& c : cases) {
    firmware.state_.filter_mask = c.mask;
    firmware.refused_filters = c.refused;
    ASSERT_TRUE(device.open(port).ok());
    EXPECT_EQ(firmware.enabled, c.enabled);
    EXPECT_EQ(firmware.disabled, c.mask & ~c.enabled);
    device.close();
  }
}

TEST_F(Snp, EachCallThatFailsIsNamed) {
  for (auto [call, text] : {std::pair{"start", "Start()"},
                            {"initialize", "Initialize()"},
                            {"filters", "ReceiveFilters()"},
                            {"station", "StationAddress()"}}) {
    ASSERT_TRUE(device.set_mac({{2, 0, 0, 0, 0, 9}}).ok());
    firmware.broken = {call};
    Status opened = device.open(port);
    ASSERT_FALSE(opened.ok()) << call;
    EXPECT_EQ(opened.error().code, Errc::Device);
    EXPECT_NE(opened.error().text.find(text), std::string::npos) << opened.error().text;
    EXPECT_NE(opened.error().text.find("status 7"), std::string::npos) << opened.error().text;
    EXPECT_EQ(firmware.state_.state, SimpleNetworkMode::Stopped) << call;
    EXPECT_EQ(device.link(), Link::Down);
    EXPECT_FALSE(send(frame_of(60)));
    EXPECT_EQ(device.poll(8), 0u);
  }
  firmware.broken.clear();
  EXPECT_TRUE(device.open(port).ok());
}

TEST_F(Snp, AnAddressOfOursIsSetWhileOpen) {
  Mac mac{{2, 0, 0, 0, 0, 9}};
  ASSERT_TRUE(device.set_mac(mac).ok());
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(firmware.station, mac);
  EXPECT_EQ(device.mac(), mac);
  device.close();
  EXPECT_FALSE(firmware.station) << "the firmware has its own again";
  firmware.state_.address_changeable = 0;
  EXPECT_EQ(device.set_mac(mac).error().code, Errc::Unsupported);
}

TEST_F(Snp, LinkIsWhatTheDriverSaysIfItSays) {
  EXPECT_EQ(device.link(), Link::Down);
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(device.link(), Link::Up);
  firmware.state_.media_present_supported = 1;
  EXPECT_EQ(device.link(), Link::Down);
  firmware.state_.media_present = 1;
  EXPECT_EQ(device.link(), Link::Up);
  size_t before = firmware.count("status");
  for (int i = 0; i < 200; ++i) device.poll(1);
  EXPECT_GE(firmware.count("status"), before + 3) << "only GetStatus() renews it";
  EXPECT_LE(firmware.count("status"), before + 5) << "which is not cheap everywhere";
}

TEST_F(Snp, ImplausibleLengthsAndErrorsAreDropped) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.answers = {{frame_of(60), Code::Success, 13},
                      {frame_of(60), Code::Success, 0},
                      {frame_of(60), Code::Success, 2049},
                      {frame_of(60), Code::Success, ~uint64_t{0}},
                      {frame_of(60, 3)},
                      {{}, Code::DeviceError},
                      {frame_of(60, 4)}};
  EXPECT_EQ(device.poll(8), 1u);
  EXPECT_EQ(device.poll(8), 1u) << "an error ends one poll";
  EXPECT_EQ(port.frames, (std::vector<Frame>{frame_of(60, 3), frame_of(60, 4)}));
  EXPECT_EQ(device.counters().rx_errors, 5u);
}

TEST_F(Snp, AFrameThatIsTooLongDoesNotBlockTheNext) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.answers = {{frame_of(9000)}, {frame_of(60)}};
  EXPECT_EQ(device.poll(8), 1u);
  EXPECT_EQ(port.frames.size(), 1u);
  EXPECT_EQ(device.counters().rx_errors, 1u);
}

TEST_F(Snp, EndlessBadFramesDoNotHoldAPoll) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.endless = true;
  firmware.answers = {{frame_of(60), Code::Success, 5}};
  EXPECT_EQ(device.poll(8), 0u);
  EXPECT_EQ(device.counters().rx_errors, 8u);
  firmware.answers = {{{}, Code::BufferTooSmall}};
  EXPECT_EQ(device.poll(8), 0u);
}

TEST_F(Snp, FirmwareThatNeverReturnsBuffersCanStillSend) {
  firmware.gives_back = false;
  ASSERT_TRUE(device.open(port).ok());
  int accepted = 0;
  for (int i = 0; i < 300; ++i) accepted += send(frame_of(60));
  EXPECT_EQ(accepted, 300 - 64);
  firmware.gives_back = true;  // and when it comes to its senses, so do we
  device.poll(1);
  EXPECT_TRUE(send(frame_of(60)));
}

TEST_F(Snp, AFullQueueLosesTheFrame) {
  firmware.queue = 4;
  firmware.gives_back = false;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send(frame_of(60)));
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(device.counters().tx_errors, 1u);
  firmware.gives_back = true;  // drivers exist that make room in GetStatus()
  EXPECT_TRUE(send(frame_of(60)));
  firmware.broken = {"transmit"};
  EXPECT_FALSE(send(frame_of(60)));
}

TEST_F(Snp, PointersThatAreNotOursDoNoHarm) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.lent = {{&firmware, 0}, {&port, 0}, {nullptr, 0}};
  device.poll(1);
  EXPECT_TRUE(send(frame_of(60)));
}

TEST_F(Snp, MissedFramesAreTheFirmwaresCount) {
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(device.counters().rx_missed, 0u) << "it does not count them";
  firmware.dropped = 17;
  EXPECT_EQ(device.counters().rx_missed, 17u);
}

TEST_F(Snp, OnlyEthernetIsUsable) {
  EXPECT_TRUE(is_usable(firmware));
  firmware.state_.media_header_bytes = 22;
  EXPECT_FALSE(is_usable(firmware));
  firmware.state_.media_header_bytes = 14;
  firmware.state_.interface_type = 32;  // InfiniBand
  EXPECT_FALSE(is_usable(firmware));
  firmware.state_.interface_type = 1;
  firmware.state_.max_packet_bytes = 0;
  EXPECT_FALSE(is_usable(firmware));
  firmware.mode = nullptr;
  EXPECT_FALSE(is_usable(firmware));
}

}  // namespace
}  // namespace hawser::snp
