// The driver over UEFI's Simple Network Protocol, with firmware that does it well and badly.
#include "drivers/snp/device.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>

#include "tests/fakes/counting_port.h"

namespace hawser::snp {
namespace {

using efi::Code;
using efi::SimpleNetwork;
using efi::SimpleNetworkMode;
using Frame = std::vector<uint8_t>;

Frame frame_of(size_t bytes, uint8_t seed = 1) {
  Frame frame(bytes);
  for (size_t i = 0; i < bytes; ++i) frame[i] = uint8_t(seed + i * 7);
  return frame;
}

/// What Receive() answers once.
struct Answer {
  Frame frame = {};
  Code code = Code::Success;
  std::optional<uint64_t> claimed = {};  // length, if not the true one
};

struct FakeFirmware : SimpleNetwork {
  SimpleNetworkMode state_{};
  std::vector<std::string> calls;
  std::set<std::string> broken;  // calls that end in DeviceError
  std::deque<Answer> answers;
  bool endless = false;  // the last answer again and again
  std::vector<Frame> sent;
  std::deque<void*> lent;  // by Transmit(), oldest first
  bool returns_buffers = true;
  size_t queue = 1000;  // frames that it takes before any comes back
  uint32_t enabled = 0, disabled = 0;
  uint32_t refused_filters = 0;  // bits that make ReceiveFilters() fail
  std::optional<Mac> station;
  uint64_t dropped = ~uint64_t{0};

  FakeFirmware() {
    static_cast<SimpleNetwork&>(*this) = {};
    mode = &state_;
    state_.address_bytes = 6;
    state_.media_header_bytes = 14;
    state_.max_packet_bytes = 1500;
    state_.filter_mask = 0x1f;
    state_.interface_type = 1;
    state_.address_changeable = 1;
    for (uint8_t i = 0; i < 6; ++i) {
      state_.current.bytes[i] = uint8_t(0x10 + i);
      state_.permanent.bytes[i] = uint8_t(0x20 + i);
    }
    start = [](SimpleNetwork* self) EFIAPI {
      if (of(self).state_.state != SimpleNetworkMode::Stopped) return Code::AlreadyStarted;
      return of(self).called("start", SimpleNetworkMode::Started);
    };
    stop = [](SimpleNetwork* self)
               EFIAPI { return of(self).called("stop", SimpleNetworkMode::Stopped); };
    initialize = [](SimpleNetwork* self, uint64_t, uint64_t) EFIAPI {
      return of(self).called("initialize", SimpleNetworkMode::Initialized);
    };
    shutdown = [](SimpleNetwork* self) EFIAPI {
      of(self).lent.clear();
      return of(self).called("shutdown", SimpleNetworkMode::Started);
    };
    receive_filters = [](SimpleNetwork* self, uint32_t enable, uint32_t disable, efi::Bool,
                         uint64_t, const efi::MacAddress*) EFIAPI {
      if (enable & (of(self).refused_filters | ~of(self).state_.filter_mask))
        return Code::InvalidParameter;
      of(self).enabled = enable;
      of(self).disabled = disable;
      return of(self).called("filters");
    };
    station_address = [](SimpleNetwork* self, efi::Bool reset, const efi::MacAddress* to) EFIAPI {
      of(self).station.reset();
      if (!reset) std::copy_n(to->bytes, 6, of(self).station.emplace().bytes.begin());
      return of(self).called("station");
    };
    statistics = [](SimpleNetwork* self, efi::Bool, uint64_t* bytes, void* table) EFIAPI {
      if (*bytes < 40) return Code::BufferTooSmall;
      static_cast<uint64_t*>(table)[4] = of(self).dropped;
      return of(self).called("statistics");
    };
    get_status = [](SimpleNetwork* self, uint32_t*, void** buffer)
                     EFIAPI { return of(self).give_back(buffer); };
    transmit = [](SimpleNetwork* self, uint64_t header, uint64_t bytes, const void* buffer,
                  const efi::MacAddress*, const efi::MacAddress*, const uint16_t*) EFIAPI {
      EXPECT_EQ(header, 0u);
      return of(self).take(buffer, bytes);
    };
    receive = [](SimpleNetwork* self, uint64_t*, uint64_t* bytes, void* buffer, efi::MacAddress*,
                 efi::MacAddress*, uint16_t*) EFIAPI { return of(self).deliver(bytes, buffer); };
  }
  static FakeFirmware& of(SimpleNetwork* self) { return *static_cast<FakeFirmware*>(self); }
  Code called(const std::string& name, std::optional<uint32_t> state = {}) {
    calls.push_back(name);
    if (broken.count(name)) return Code::DeviceError;
    if (state) state_.state = *state;
    return Code::Success;
  }
  Code give_back(void** buffer) {
    *buffer = nullptr;
    if (!returns_buffers || lent.empty()) return called("status");
    *buffer = lent.front();
    lent.pop_front();
    return called("status");
  }
  Code take(const void* buffer, uint64_t bytes) {
    if (broken.count("transmit")) return Code::DeviceError;
    if (lent.size() >= queue) return Code::NotReady;
    auto* at = static_cast<const uint8_t*>(buffer);
    sent.emplace_back(at, at + bytes);
    lent.push_back(const_cast<void*>(buffer));
    return Code::Success;
  }
  Code deliver(uint64_t* bytes, void* buffer) {
    if (answers.empty()) return Code::NotReady;
    Answer answer = answers.front();
    if (answer.code == Code::Success && answer.frame.size() > *bytes) {
      *bytes = answer.frame.size();
      return Code::BufferTooSmall;  // and the frame stays
    }
    if (!endless) answers.pop_front();
    if (answer.code != Code::Success) return answer.code;
    std::copy(answer.frame.begin(), answer.frame.end(), static_cast<uint8_t*>(buffer));
    *bytes = answer.claimed.value_or(answer.frame.size());
    return Code::Success;
  }
  size_t count(const std::string& name) const {
    return size_t(std::count(calls.begin(), calls.end(), name));
  }
};

class Snp : public testing::Test {
 protected:
  FakeFirmware firmware;
  fakes::CountingPort port{8};
  Device device{firmware};

  bool send(const Frame& frame) {
    Bytes pieces[] = {Bytes(frame).first(10), Bytes(frame).subspan(10)};
    return device.transmit(pieces);
  }
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

TEST_F(Snp, ReceivesFramesOfEverySize) {
  ASSERT_TRUE(device.open(port).ok());
  for (size_t bytes : {14u, 60u, 1518u, 2048u}) firmware.answers.push_back({frame_of(bytes)});
  EXPECT_EQ(device.poll(3), 3u);
  EXPECT_EQ(device.poll(3), 1u);
  ASSERT_EQ(port.frames.size(), 4u);
  EXPECT_EQ(port.frames[2], frame_of(1518));
  EXPECT_EQ(port.frames[3], frame_of(2048));
  EXPECT_EQ(device.counters().rx_frames, 4u);
  device.close();
  EXPECT_EQ(port.free(), 8u);
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

TEST_F(Snp, WaitsWhenTheStackHasNoBuffer) {
  port.keep = true;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 10; ++i) firmware.answers.push_back({frame_of(60, uint8_t(i))});
  EXPECT_EQ(device.poll(100), 8u);
  port.release_kept();
  EXPECT_EQ(device.poll(100), 2u) << "the firmware kept them meanwhile";
}

TEST_F(Snp, SendsPaddedFramesAndReusesReturnedBuffers) {
  ASSERT_TRUE(device.open(port).ok());
  ASSERT_TRUE(send(frame_of(42)));
  Frame padded = frame_of(42);
  padded.resize(60);
  EXPECT_EQ(firmware.sent.at(0), padded);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(send(frame_of(100, uint8_t(i)))) << i;
  EXPECT_EQ(firmware.sent.back(), frame_of(100, uint8_t(999)));
  EXPECT_EQ(device.counters().tx_frames, 1001u);
  EXPECT_FALSE(send(frame_of(1519)));
  EXPECT_FALSE(send(frame_of(13)));
}

TEST_F(Snp, FramesInTheFirmwaresHandsStayUntouched) {
  firmware.returns_buffers = false;
  ASSERT_TRUE(device.open(port).ok());
  int accepted = 0;
  while (send(frame_of(100, uint8_t(accepted))) && accepted < 1000) ++accepted;
  EXPECT_EQ(accepted, 32);
  for (int i = 0; i < accepted; ++i) {
    auto* at = static_cast<const uint8_t*>(firmware.lent[size_t(i)]);
    EXPECT_EQ(Frame(at, at + 100), frame_of(100, uint8_t(i))) << i;
  }
}

TEST_F(Snp, FirmwareThatNeverReturnsBuffersCanStillSend) {
  firmware.returns_buffers = false;
  ASSERT_TRUE(device.open(port).ok());
  int accepted = 0;
  for (int i = 0; i < 300; ++i) accepted += send(frame_of(60));
  EXPECT_EQ(accepted, 300 - 64);
  firmware.returns_buffers = true;  // and when it comes to its senses, so do we
  device.poll(1);
  EXPECT_TRUE(send(frame_of(60)));
}

TEST_F(Snp, AFullQueueLosesTheFrame) {
  firmware.queue = 4;
  firmware.returns_buffers = false;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send(frame_of(60)));
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(device.counters().tx_errors, 1u);
  firmware.returns_buffers = true;  // drivers exist that make room in GetStatus()
  EXPECT_TRUE(send(frame_of(60)));
  firmware.broken = {"transmit"};
  EXPECT_FALSE(send(frame_of(60)));
}

TEST_F(Snp, PointersThatAreNotOursDoNoHarm) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.lent = {&firmware, &port, nullptr};
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
