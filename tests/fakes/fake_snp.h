// UEFI's Simple Network Protocol of a card, as firmware does it well and badly.
#pragma once

#include "drivers/snp/device.h"
#include "tests/fakes/fake_firmware_nic.h"

namespace hawser::fakes {

/// EFI_SIMPLE_NETWORK_PROTOCOL of a card.
struct FakeSnp : efi::SimpleNetwork, FakeFirmwareNic {
  /// What Receive() answers once.
  struct Answer {
    Frame frame = {};
    efi::Code code = efi::Code::Success;
    std::optional<uint64_t> claimed = {};  // length, if not the true one
  };

  efi::SimpleNetworkMode state_ = ethernet();
  std::deque<Answer> answers;
  std::deque<std::pair<void*, size_t>> lent;  // by Transmit(), oldest first
  size_t queue = 1000;                        // frames that it takes before any comes back
  uint32_t enabled = 0, disabled = 0;
  uint32_t refused_filters = 0;  // bits that make ReceiveFilters() fail
  std::optional<Mac> station;
  uint64_t dropped = ~uint64_t{0};

  FakeSnp() {
    static_cast<efi::SimpleNetwork&>(*this) = {};
    mode = &state_;
    state_.filter_mask = 0x1f;
    state_.address_changeable = 1;
    start = [](efi::SimpleNetwork* self) EFIAPI {
      if (of(self).state_.state != efi::SimpleNetworkMode::Stopped)
        return efi::Code::AlreadyStarted;
      return of(self).become("start", efi::SimpleNetworkMode::Started);
    };
    stop = [](efi::SimpleNetwork* self)
               EFIAPI { return of(self).become("stop", efi::SimpleNetworkMode::Stopped); };
    initialize = [](efi::SimpleNetwork* self, uint64_t, uint64_t) EFIAPI {
      return of(self).become("initialize", efi::SimpleNetworkMode::Initialized);
    };
    shutdown = [](efi::SimpleNetwork* self) EFIAPI {
      of(self).lent.clear();
      return of(self).become("shutdown", efi::SimpleNetworkMode::Started);
    };
    receive_filters = [](efi::SimpleNetwork* self, uint32_t enable, uint32_t disable, efi::Bool,
                         uint64_t, const efi::MacAddress*) EFIAPI {
      if (enable & (of(self).refused_filters | ~of(self).state_.filter_mask))
        return efi::Code::InvalidParameter;
      of(self).enabled = enable;
      of(self).disabled = disable;
      return of(self).called("filters");
    };
    station_address = [](efi::SimpleNetwork* self, efi::Bool reset, const efi::MacAddress* to)
                          EFIAPI {
                            of(self).station.reset();
                            if (!reset)
                              std::copy_n(to->bytes, 6, of(self).station.emplace().bytes.begin());
                            return of(self).called("station");
                          };
    statistics = [](efi::SimpleNetwork* self, efi::Bool, uint64_t* bytes, void* table) EFIAPI {
      if (*bytes < 40) return efi::Code::BufferTooSmall;
      static_cast<uint64_t*>(table)[4] = of(self).dropped;
      return of(self).called("statistics");
    };
    get_status = [](efi::SimpleNetwork* self, uint32_t*, void** buffer)
                     EFIAPI { return of(self).give_back(buffer); };
    transmit = [](efi::SimpleNetwork* self, uint64_t header, uint64_t bytes, const void* buffer,
                  const efi::MacAddress*, const efi::MacAddress*, const uint16_t*) EFIAPI {
      EXPECT_EQ(header, 0u);
      return of(self).take(buffer, bytes);
    };
    receive = [](efi::SimpleNetwork* self, uint64_t*, uint64_t* bytes, void* buffer,
                 efi::MacAddress*, efi::MacAddress*, uint16_t*)
                  EFIAPI { return of(self).deliver(bytes, buffer); };
  }
  static FakeSnp& of(efi::SimpleNetwork* self) { return *static_cast<FakeSnp*>(self); }
  efi::Code become(const std::string& name, uint32_t state) {
    efi::Code code = called(name);
    if (!failed(code)) state_.state = state;
    return code;
  }
  efi::Code give_back(void** buffer) {
    *buffer = nullptr;
    if (!gives_back || lent.empty()) return called("status");
    *buffer = lent.front().first;
    lent.pop_front();
    return called("status");
  }
  efi::Code take(const void* buffer, uint64_t bytes) {
    if (broken.count("transmit")) return efi::Code::DeviceError;
    if (lent.size() >= queue) return efi::Code::NotReady;
    sent.push_back(frame_at(buffer, bytes));
    lent.push_back({const_cast<void*>(buffer), bytes});
    return efi::Code::Success;
  }
  efi::Code deliver(uint64_t* bytes, void* buffer) {
    if (answers.empty()) return efi::Code::NotReady;
    Answer answer = answers.front();
    if (answer.code == efi::Code::Success && answer.frame.size() > *bytes) {
      *bytes = answer.frame.size();
      return efi::Code::BufferTooSmall;  // and the frame stays
    }
    if (!endless) answers.pop_front();
    if (answer.code != efi::Code::Success) return answer.code;
    std::copy(answer.frame.begin(), answer.frame.end(), static_cast<uint8_t*>(buffer));
    *bytes = answer.claimed.value_or(answer.frame.size());
    return efi::Code::Success;
  }

  std::unique_ptr<Nic> make_driver() override { return std::make_unique<snp::Device>(*this); }
  void arrive(const Frame& frame) override { answers.push_back({frame}); }
  void arrive_bad() override { answers.push_back({{}, efi::Code::CrcError}); }
  std::vector<Frame> held() const override {
    std::vector<Frame> frames;
    for (auto [buffer, bytes] : lent) frames.push_back(frame_at(buffer, bytes));
    return frames;
  }
  void set_link(Link link) override {
    state_.media_present_supported = 1;
    state_.media_present = link == Link::Up;
  }
};

}  // namespace hawser::fakes
