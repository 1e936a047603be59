// The driver over UEFI's Managed Network Protocol, with firmware that does it well and badly.
#include "drivers/mnp/device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/counting_port.h"

namespace hawser::mnp {
namespace {

using efi::Code;
using efi::ManagedNetwork;
using efi::ManagedToken;
using Frame = std::vector<uint8_t>;

Frame frame_of(size_t bytes, uint8_t seed = 1) {
  Frame frame(bytes);
  for (size_t i = 0; i < bytes; ++i) frame[i] = uint8_t(seed + i * 7);
  return frame;
}

/// What a receive token is answered with.
struct Answer {
  Frame frame = {};
  Code code = Code::Success;
  std::optional<uint32_t> header_bytes = {}, data_bytes = {};  // if not the true ones
  bool no_data = false;
};

struct FakeEvent {
  bool signalled = false;
};

/// Boot services, service binding and protocol of one card. There is one at a time.
struct FakeFirmware {
  efi::BootServices boot{};
  efi::ServiceBinding binding{};
  ManagedNetwork network{};
  efi::SimpleNetworkMode mode{};
  std::set<std::string> broken;  // calls that end in DeviceError
  std::vector<std::string> calls;
  std::set<FakeEvent*> events;
  size_t children = 0;
  bool configured = false;
  efi::ManagedNetworkConfig config{};
  std::vector<Frame> groups, sent;
  std::deque<ManagedToken*> sending;  // that are not done
  bool completes = true;              // what is sent, at once
  ManagedToken* receiving = nullptr;
  std::deque<Answer> answers;
  bool endless = false;  // the last answer again and again
  bool needs_poll = true;
  efi::ManagedReceiveData data{};
  Frame delivered;
  size_t lent = 0;  // frames that were not recycled
  FakeEvent recycle;

  static inline FakeFirmware* self = nullptr;

  FakeFirmware() {
    self = this;
    mode.address_bytes = 6;
    mode.media_header_bytes = 14;
    mode.max_packet_bytes = 1500;
    mode.interface_type = 1;
    for (uint8_t i = 0; i < 6; ++i) {
      mode.current.bytes[i] = uint8_t(0x10 + i);
      mode.permanent.bytes[i] = uint8_t(0x20 + i);
    }
    boot.create_event = [](uint32_t type, uint64_t, efi::Notify, void*, efi::Event* event) EFIAPI {
      EXPECT_EQ(type, 0u);
      if (self->broken.count("event") && self->events.size() == 3) return Code::OutOfResources;
      *event = *self->events.insert(new FakeEvent).first;
      return Code::Success;
    };
    boot.close_event = [](efi::Event event) EFIAPI {
      auto* fake = static_cast<FakeEvent*>(event);
      EXPECT_EQ(self->events.erase(fake), 1u);
      delete fake;
      return Code::Success;
    };
    boot.check_event = [](efi::Event event) EFIAPI {
      EXPECT_TRUE(self->events.count(static_cast<FakeEvent*>(event)));
      bool was = std::exchange(static_cast<FakeEvent*>(event)->signalled, false);
      return was ? Code::Success : Code::NotReady;
    };
    boot.signal_event = [](efi::Event event) EFIAPI {
      EXPECT_EQ(event, &self->recycle);
      EXPECT_EQ(self->lent, 1u);
      self->lent = 0;
      std::fill(self->delivered.begin(), self->delivered.end(), uint8_t{0xee});
      return Code::Success;
    };
    boot.handle_protocol = [](efi::Handle handle, const efi::Guid* guid, void** interface) EFIAPI {
      EXPECT_EQ(handle, &self->children);
      EXPECT_EQ(*guid, ManagedNetwork::kGuid);
      *interface = &self->network;
      return self->called("handle");
    };
    binding.create_child = [](efi::ServiceBinding*, efi::Handle* child) EFIAPI {
      Code code = self->called("create");
      if (!failed(code)) *child = &self->children, ++self->children;
      return code;
    };
    binding.destroy_child = [](efi::ServiceBinding*, efi::Handle child) EFIAPI {
      EXPECT_EQ(child, &self->children);
      EXPECT_EQ(self->children--, 1u);
      return self->called("destroy");
    };
    network.get_mode = [](ManagedNetwork*, efi::ManagedNetworkConfig*,
                          efi::SimpleNetworkMode* to) EFIAPI {
      *to = self->mode;
      Code code = self->called("mode");
      return failed(code) || self->configured ? code : Code::NotStarted;
    };
    network.configure = [](ManagedNetwork*, const efi::ManagedNetworkConfig* to) EFIAPI {
      if (!to) {
        EXPECT_TRUE(self->sending.empty() && !self->receiving) << "cancelled before";
        self->configured = false;
        return self->called("reset");
      }
      self->config = *to;
      Code code = self->called("configure");
      self->configured = !failed(code);
      return code;
    };
    network.groups = [](ManagedNetwork*, efi::Bool join, const efi::MacAddress* group) EFIAPI {
      EXPECT_TRUE(join);
      self->groups.emplace_back(group->bytes, group->bytes + 6);
      return self->called("groups");
    };
    network.transmit = [](ManagedNetwork*, ManagedToken* token) EFIAPI { return self->take(token); };
    network.receive = [](ManagedNetwork*, ManagedToken* token) EFIAPI {
      EXPECT_FALSE(self->receiving);
      Code code = self->called("receive");
      if (failed(code)) return code;
      self->receiving = token;
      if (!self->needs_poll) self->deliver();
      return code;
    };
    network.cancel = [](ManagedNetwork*, ManagedToken* token) EFIAPI { return self->end(token); };
    network.poll = [](ManagedNetwork*) EFIAPI {
      self->deliver();
      return self->called("poll");
    };
  }
  ~FakeFirmware() {
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(children, 0u);
    EXPECT_EQ(lent, 0u) << "each frame was given back";
    self = nullptr;
  }

  Code called(const std::string& name) {
    calls.push_back(name);
    return broken.count(name) ? Code::DeviceError : Code::Success;
  }
  static void finish(ManagedToken* token, Code code) {
    token->status = code;
    static_cast<FakeEvent*>(token->event)->signalled = true;
  }
  Code take(ManagedToken* token) {
    Code code = called("transmit");
    if (failed(code)) return code;
    const efi::ManagedTransmitData& what = *token->to_send;
    EXPECT_EQ(what.destination, nullptr);
    EXPECT_EQ(what.header_bytes, 14u);
    EXPECT_EQ(what.fragment_count, 1u);
    EXPECT_EQ(what.fragment.bytes, what.data_bytes + 14);
    auto* at = static_cast<const uint8_t*>(what.fragment.data);
    sent.emplace_back(at, at + what.fragment.bytes);
    if (completes) finish(token, Code::Success);
    else sending.push_back(token);
    return code;
  }
  Code end(ManagedToken* token) {
    Code code = called("cancel");
    if (failed(code)) return code;
    bool found = false;
    for (ManagedToken* other : std::exchange(sending, {})) {
      bool ends = !token || other == token;
      found |= ends;
      if (ends) finish(other, Code::Aborted);
      else sending.push_back(other);
    }
    if (receiving && !token) finish(std::exchange(receiving, nullptr), Code::Aborted);
    return token && !found ? Code::NotFound : Code::Success;
  }
  void deliver() {
    if (answers.empty() || !receiving) return;
    Answer answer = answers.front();
    if (!endless) answers.pop_front();
    ManagedToken* token = std::exchange(receiving, nullptr);
    if (!failed(answer.code) && !answer.no_data) {
      EXPECT_EQ(lent, 0u);
      lent = 1;
      delivered = answer.frame;
      uint32_t bytes = uint32_t(delivered.size());
      data = {};
      data.recycle = &recycle;
      data.packet_bytes = bytes;
      data.header_bytes = answer.header_bytes.value_or(14);
      data.data_bytes = answer.data_bytes.value_or(bytes < 14 ? 0 : bytes - 14);
      data.header = delivered.data();
      data.data = delivered.data() + 14;
      token->received = &data;
    }
    finish(token, answer.code);
  }
  size_t count(const std::string& name) const {
    return size_t(std::count(calls.begin(), calls.end(), name));
  }
};

class Mnp : public testing::Test {
 protected:
  FakeFirmware firmware;
  fakes::CountingPort port{8};
  Device device{firmware.boot, firmware.binding, firmware.mode};

  bool send(const Frame& frame) {
    Bytes pieces[] = {Bytes(frame).first(10), Bytes(frame).subspan(10)};
    return device.transmit(pieces);
  }
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

TEST_F(Mnp, LinkIsWhatTheFirmwareSaysIfItSays) {
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(device.link(), Link::Up);
  firmware.mode.media_present_supported = 1;
  for (int i = 0; i < 65; ++i) device.poll(1);
  EXPECT_EQ(device.link(), Link::Down);
  firmware.mode.media_present = 1;
  for (int i = 0; i < 65; ++i) device.poll(1);
  EXPECT_EQ(device.link(), Link::Up);
}

TEST_F(Mnp, ReceivesFramesOfEverySize) {
  for (bool needs_poll : {true, false}) {
    port.frames.clear();
    firmware.needs_poll = needs_poll;
    ASSERT_TRUE(device.open(port).ok());
    for (size_t bytes : {14u, 60u, 1518u, 2048u}) firmware.answers.push_back({frame_of(bytes)});
    EXPECT_EQ(device.poll(3), 3u);
    EXPECT_EQ(device.poll(3), 1u);
    EXPECT_EQ(device.poll(3), 0u);
    ASSERT_EQ(port.frames.size(), 4u);
    EXPECT_EQ(port.frames[2], frame_of(1518));
    EXPECT_EQ(port.frames[3], frame_of(2048));
    device.close();
    EXPECT_EQ(port.free(), 8u);
  }
  EXPECT_EQ(device.counters().rx_frames, 8u);
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

TEST_F(Mnp, EndlessBadFramesDoNotHoldAPoll) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.endless = true;
  firmware.answers = {{{}, Code::DeviceError}};
  EXPECT_EQ(device.poll(8), 0u);
  EXPECT_EQ(device.counters().rx_errors, 8u);
}

TEST_F(Mnp, ReceiveThatIsRefusedIsTriedAgain) {
  ASSERT_TRUE(device.open(port).ok());
  firmware.broken = {"receive"};
  firmware.answers = {{frame_of(60)}};
  EXPECT_EQ(device.poll(8), 0u);
  firmware.broken.clear();
  EXPECT_EQ(device.poll(8), 1u);
}

TEST_F(Mnp, WaitsWhenTheStackHasNoBuffer) {
  port.keep = true;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 10; ++i) firmware.answers.push_back({frame_of(60, uint8_t(i))});
  EXPECT_EQ(device.poll(100), 8u);
  EXPECT_EQ(device.poll(100), 0u);
  port.release_kept();
  port.keep = false;
  EXPECT_EQ(device.poll(100), 2u) << "the firmware kept them meanwhile";
  EXPECT_EQ(port.frames.at(8), frame_of(60, 8));
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

TEST_F(Mnp, SendsPaddedFramesAndReusesSlots) {
  ASSERT_TRUE(device.open(port).ok());
  ASSERT_TRUE(send(frame_of(42)));
  Frame padded = frame_of(42);
  padded.resize(60);
  EXPECT_EQ(firmware.sent.at(0), padded);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(send(frame_of(100, uint8_t(i)))) << i;
  EXPECT_EQ(firmware.sent.back(), frame_of(100, uint8_t(999)));
  EXPECT_EQ(device.counters().tx_frames, 1001u);
  ASSERT_TRUE(send(frame_of(1518)));
  EXPECT_FALSE(send(frame_of(1519)));
  EXPECT_FALSE(send(frame_of(13)));
  firmware.broken = {"transmit"};
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_EQ(device.counters().tx_errors, 1u);
  EXPECT_EQ(firmware.count("cancel"), 0u);
}

TEST_F(Mnp, FramesInTheFirmwaresHandsStayUntouchedUntilTheyAreCancelled) {
  firmware.completes = false;
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
  FakeFirmware::finish(firmware.sending.front(), Code::Success);
  firmware.sending.pop_front();
  EXPECT_TRUE(send(frame_of(60)));
}

}  // namespace
}  // namespace hawser::mnp
