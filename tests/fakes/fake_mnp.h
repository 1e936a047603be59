// UEFI's Managed Network Protocol of a card, as firmware does it well and badly.
#pragma once

#include <utility>

#include "drivers/mnp/device.h"
#include "tests/fakes/fake_firmware_nic.h"

namespace hawser::fakes {

struct FakeEvent {
  bool signalled = false;
};

/// Boot services, service binding and protocol of one card. There is one at a time.
struct FakeMnp : FakeFirmwareNic {
  /// What a receive token is answered with.
  struct Answer {
    Frame frame = {};
    efi::Code code = efi::Code::Success;
    std::optional<uint32_t> header_bytes = {}, data_bytes = {};  // if not the true ones
    bool no_data = false;
  };

  efi::BootServices boot{};
  efi::ServiceBinding binding{};
  efi::ManagedNetwork network{};
  efi::SimpleNetworkMode mode = ethernet();
  std::set<FakeEvent*> events;
  size_t children = 0;
  bool configured = false;
  efi::ManagedNetworkConfig config{};
  std::vector<Frame> groups;
  std::deque<efi::ManagedToken*> sending;  // that are not done
  efi::ManagedToken* receiving = nullptr;
  std::deque<Answer> answers;
  bool needs_poll = true;
  efi::ManagedReceiveData data{};
  Frame delivered;
  size_t lent = 0;  // frames that were not recycled
  FakeEvent recycle;

  static inline FakeMnp* self = nullptr;

  FakeMnp() {
    self = this;
    boot.create_event = [](uint32_t type, uint64_t, efi::Notify, void*, efi::Event* event) EFIAPI {
      EXPECT_EQ(type, 0u);
      if (self->broken.count("event") && self->events.size() == 3) return efi::Code::OutOfResources;
      *event = *self->events.insert(new FakeEvent).first;
      return efi::Code::Success;
    };
    boot.close_event = [](efi::Event event) EFIAPI {
      auto* fake = static_cast<FakeEvent*>(event);
      EXPECT_EQ(self->events.erase(fake), 1u);
      delete fake;
      return efi::Code::Success;
    };
    boot.check_event = [](efi::Event event) EFIAPI {
      EXPECT_TRUE(self->events.count(static_cast<FakeEvent*>(event)));
      bool was = std::exchange(static_cast<FakeEvent*>(event)->signalled, false);
      return was ? efi::Code::Success : efi::Code::NotReady;
    };
    boot.signal_event = [](efi::Event event) EFIAPI {
      EXPECT_EQ(event, &self->recycle);
      EXPECT_EQ(self->lent, 1u);
      self->lent = 0;
      std::fill(self->delivered.begin(), self->delivered.end(), uint8_t{0xee});
      return efi::Code::Success;
    };
    boot.handle_protocol = [](efi::Handle handle, const efi::Guid* guid, void** interface) EFIAPI {
      EXPECT_EQ(handle, &self->children);
      EXPECT_EQ(*guid, efi::ManagedNetwork::kGuid);
      *interface = &self->network;
      return self->called("handle");
    };
    binding.create_child = [](efi::ServiceBinding*, efi::Handle* child) EFIAPI {
      efi::Code code = self->called("create");
      if (!failed(code)) *child = &self->children, ++self->children;
      return code;
    };
    binding.destroy_child = [](efi::ServiceBinding*, efi::Handle child) EFIAPI {
      EXPECT_EQ(child, &self->children);
      EXPECT_EQ(self->children--, 1u);
      return self->called("destroy");
    };
    network.get_mode = [](efi::ManagedNetwork*, efi::ManagedNetworkConfig*,
                          efi::SimpleNetworkMode* to) EFIAPI {
      *to = self->mode;
      efi::Code code = self->called("mode");
      return failed(code) || self->configured ? code : efi::Code::NotStarted;
    };
    network.configure = [](efi::ManagedNetwork*, const efi::ManagedNetworkConfig* to) EFIAPI {
      if (!to) {
        EXPECT_TRUE(self->sending.empty() && !self->receiving) << "cancelled before";
        self->configured = false;
        return self->called("reset");
      }
      self->config = *to;
      efi::Code code = self->called("configure");
      self->configured = !failed(code);
      return code;
    };
    network.groups = [](efi::ManagedNetwork*, efi::Bool join, const efi::MacAddress* group) EFIAPI {
      EXPECT_TRUE(join);
      self->groups.push_back(frame_at(group->bytes, 6));
      return self->called("groups");
    };
    network.transmit = [](efi::ManagedNetwork*, efi::ManagedToken* token)
                           EFIAPI { return self->take(token); };
    network.receive = [](efi::ManagedNetwork*, efi::ManagedToken* token) EFIAPI {
      EXPECT_FALSE(self->receiving);
      efi::Code code = self->called("receive");
      if (failed(code)) return code;
      self->receiving = token;
      if (!self->needs_poll) self->deliver();
      return code;
    };
    network.cancel = [](efi::ManagedNetwork*, efi::ManagedToken* token)
                         EFIAPI { return self->end(token); };
    network.poll = [](efi::ManagedNetwork*) EFIAPI {
      self->deliver();
      return self->called("poll");
    };
  }
  ~FakeMnp() override {
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(children, 0u);
    EXPECT_EQ(lent, 0u) << "each frame was given back";
    self = nullptr;
  }

  static void finish(efi::ManagedToken* token, efi::Code code) {
    token->status = code;
    static_cast<FakeEvent*>(token->event)->signalled = true;
  }
  efi::Code take(efi::ManagedToken* token) {
    efi::Code code = called("transmit");
    if (failed(code)) return code;
    const efi::ManagedTransmitData& what = *token->to_send;
    EXPECT_EQ(what.destination, nullptr);
    EXPECT_EQ(what.header_bytes, 14u);
    EXPECT_EQ(what.fragment_count, 1u);
    EXPECT_EQ(what.fragment.bytes, what.data_bytes + 14);
    sent.push_back(frame_at(what.fragment.data, what.fragment.bytes));
    if (gives_back) finish(token, efi::Code::Success);
    else sending.push_back(token);
    return code;
  }
  efi::Code end(efi::ManagedToken* token) {
    efi::Code code = called("cancel");
    if (failed(code)) return code;
    bool found = false;
    for (efi::ManagedToken* other : std::exchange(sending, {})) {
      bool ends = !token || other == token;
      found |= ends;
      if (ends) finish(other, efi::Code::Aborted);
      else sending.push_back(other);
    }
    if (receiving && !token) finish(std::exchange(receiving, nullptr), efi::Code::Aborted);
    return token && !found ? efi::Code::NotFound : efi::Code::Success;
  }
  void deliver() {
    if (answers.empty() || !receiving) return;
    Answer answer = answers.front();
    if (!endless) answers.pop_front();
    efi::ManagedToken* token = std::exchange(receiving, nullptr);
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

  std::unique_ptr<Nic> make_driver() override {
    return std::make_unique<mnp::Device>(boot, binding, mode);
  }
  void arrive(const Frame& frame) override { answers.push_back({frame}); }
  void arrive_bad() override { answers.push_back({{}, efi::Code::DeviceError}); }
  std::vector<Frame> held() const override {
    std::vector<Frame> frames;
    for (const efi::ManagedToken* token : sending) {
      auto fragment = token->to_send->fragment;
      frames.push_back(frame_at(fragment.data, fragment.bytes));
    }
    return frames;
  }
  void set_link(Link link) override {
    mode.media_present_supported = 1;
    mode.media_present = link == Link::Up;
  }
};

}  // namespace hawser::fakes
