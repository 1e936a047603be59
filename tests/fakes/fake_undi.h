// An UNDI of a card with its NII, as firmware does it well and badly: UEFI Specification 2.10
// appendix E.
#pragma once

#include <cstdlib>
#include <cstring>
#include <map>

#include "drivers/nii/device.h"
#include "tests/fakes/fake_firmware_nic.h"
#include "tests/fakes/fake_pci_io.h"

namespace hawser::fakes {

/// There is one at a time.
struct FakeUndi : FakeFirmwareNic {
  using Opcode = efi::undi::Opcode;
  using StatCode = efi::undi::StatCode;
  enum State : uint16_t { Stopped, Started, Initialized };
  static constexpr StatCode kInvalidCdb{1}, kAlreadyStarted{5}, kNotStarted{6}, kNotShutDown{7},
      kAlreadyInitialized{8}, kNotInitialized{9}, kDeviceFailure{10}, kInvalidParameter{14};
  static constexpr uint16_t kInterface = 1;

  /// What Receive answers once.
  struct Answer {
    Frame frame = {};
    StatCode code = StatCode::Success;
    std::optional<uint32_t> claimed = {};  // length, if not the true one
  };

  efi::BootServices boot{};
  efi::NetworkInterfaceIdentifier identifier{};
  alignas(16) efi::undi::Pxe pxe{};
  FakePci pci;
  uint16_t state = Stopped;
  efi::undi::StartCpb callbacks{};
  efi::undi::InitInfoDb info{};
  bool tells_media = false, has_media = true;
  efi::undi::InitializeCpb initialized_with{};
  uint64_t memory_at_device = 0;
  Mac current = kCurrent;
  uint16_t filters = 0;
  std::deque<Answer> answers;
  struct Lent {
    uint64_t frame, device;
    uint32_t bytes;
  };
  std::deque<Lent> lent;          // by Transmit, oldest first
  std::vector<uint64_t> foreign;  // addresses that are given back as well
  size_t queue = 1000;            // frames that it takes before any comes back
  unsigned busy = 0;              // so many commands from now on end in that
  std::string hangs;              // this one does not end, or after so long:
  uint64_t ends_after_us = ~uint64_t{0};
  std::string forgets_block;  // this one does
  bool sets_no_flags = false;
  efi::undi::Cdb* open_cdb = nullptr;
  uint64_t stalled_us = 0, priority = efi::kTplApplication;
  std::map<uint64_t, uint64_t> pages;  // that are allocated: address, number
  bool has_memory = true;

  static inline FakeUndi* self = nullptr;

  FakeUndi() {
    self = this;
    identifier.undi = reinterpret_cast<uint64_t>(&pxe);
    identifier.type = 1;
    identifier.interface = kInterface;
    std::memcpy(pxe.signature, "!PXE", 4);
    pxe.bytes = sizeof pxe;
    pxe.major = 3;
    pxe.minor = 1;
    pxe.implementation = efi::undi::Pxe::kVirtualAddress | efi::undi::Pxe::kAddressSettable |
                         efi::undi::Pxe::kAllMulticast | efi::undi::Pxe::kPromiscuous;
    pxe.entry = reinterpret_cast<uint64_t>(&entry);
    seal();
    info.memory_required = 5000;
    info.frame_data_bytes = 1500;
    info.header_bytes = 14;
    info.address_bytes = 6;
    info.interface_type = 1;
    boot.stall = [](uint64_t us) EFIAPI {
      self->stalled_us += us;
      if (self->open_cdb && self->stalled_us >= self->ends_after_us)
        std::exchange(self->open_cdb, nullptr)->stat_flags = efi::undi::Cdb::kComplete;
      return efi::Code::Success;
    };
    boot.raise_tpl = [](uint64_t tpl) EFIAPI {
      EXPECT_GE(tpl, self->priority);
      return std::exchange(self->priority, tpl);
    };
    boot.restore_tpl = [](uint64_t tpl) EFIAPI {
      EXPECT_LE(tpl, self->priority);
      self->priority = tpl;
    };
    boot.allocate_pages = [](efi::AllocateType type, efi::MemoryKind, uint64_t count,
                             efi::PhysicalAddress* at) EFIAPI {
      EXPECT_EQ(type, efi::AllocateType::MaxAddress);
      EXPECT_EQ(*at, 0xffffffffu);
      if (!self->has_memory) return efi::Code::OutOfResources;
      *at = reinterpret_cast<uint64_t>(std::aligned_alloc(4096, count * 4096));
      self->pages[*at] = count;
      return efi::Code::Success;
    };
    boot.free_pages = [](efi::PhysicalAddress at, uint64_t count) EFIAPI {
      EXPECT_EQ(self->pages[at], count);
      EXPECT_NE(self->state, Initialized) << "it is still used";
      self->pages.erase(at);
      std::free(reinterpret_cast<void*>(at));
      return efi::Code::Success;
    };
  }
  ~FakeUndi() override {
    EXPECT_EQ(priority, efi::kTplApplication);
    EXPECT_TRUE(pci.mapped.empty());
    for (auto [at, count] : pages) std::free(reinterpret_cast<void*>(at));
    self = nullptr;
  }
  /// After a change of `pxe`.
  void seal() {
    pxe.fudge = 0;
    uint8_t sum = 0;
    for (size_t i = 0; i < pxe.bytes; ++i) sum += reinterpret_cast<const uint8_t*>(&pxe)[i];
    pxe.fudge = uint8_t(-sum);
  }

  std::unique_ptr<Nic> make_driver() override {
    return std::make_unique<nii::Device>(boot, identifier, &pci, kCurrent);
  }
  void arrive(const Frame& frame) override { answers.push_back({frame}); }
  void arrive_bad() override { answers.push_back({{}, kDeviceFailure}); }
  std::vector<Frame> held() const override {
    std::vector<Frame> frames;
    for (const Lent& each : lent)
      frames.push_back(frame_at(reinterpret_cast<const void*>(each.frame), each.bytes));
    return frames;
  }
  void set_link(Link link) override {
    tells_media = true;
    has_media = link == Link::Up;
  }

 private:
  static void EFIAPI entry(efi::undi::Cdb* cdb) {
    EXPECT_EQ(self->open_cdb, nullptr) << "one at a time";
    EXPECT_EQ(cdb->stat_flags, 0u);
    EXPECT_EQ(cdb->interface, kInterface);
    EXPECT_EQ(cdb->control, 0u);
    std::string name = name_of(cdb->opcode);
    if (self->forgets_block == name) {
      self->callbacks.block(self->callbacks.context, 1);
      self->callbacks.block(self->callbacks.context, 1);
    }
    StatCode code = self->busy ? --self->busy, StatCode::Busy : self->carry_out(name, *cdb);
    if (self->hangs == name) {
      self->open_cdb = cdb;
      cdb->stat_flags = efi::undi::Cdb::kQueued;
      return;
    }
    cdb->stat_code = code;
    if (self->sets_no_flags) return;
    cdb->stat_flags |=
        code == StatCode::Success ? efi::undi::Cdb::kComplete : efi::undi::Cdb::kFailed;
  }
  static std::string name_of(Opcode opcode) {
    switch (opcode) {
      case Opcode::GetState:
        return "state";
      case Opcode::Start:
        return "start";
      case Opcode::Stop:
        return "stop";
      case Opcode::GetInitInfo:
        return "info";
      case Opcode::Initialize:
        return "initialize";
      case Opcode::Shutdown:
        return "shutdown";
      case Opcode::ReceiveFilters:
        return "filters";
      case Opcode::StationAddress:
        return "address";
      case Opcode::GetStatus:
        return "status";
      case Opcode::Transmit:
        return "transmit";
      case Opcode::Receive:
        return "receive";
    }
    return "?";
  }
  /// Parameters and results, of the sizes that appendix E demands; null: they are of others.
  template <class T>
  static T* block(uint64_t address, uint16_t bytes) {
    return bytes == sizeof(T) ? reinterpret_cast<T*>(address) : nullptr;
  }

  StatCode carry_out(const std::string& name, efi::undi::Cdb& cdb) {
    if (failed(called(name))) return kDeviceFailure;
    if (cdb.opcode == Opcode::GetState) {
      cdb.stat_flags = state;
      return StatCode::Success;
    }
    if (cdb.opcode == Opcode::Start) return start(cdb);
    if (state == Stopped) return kNotStarted;
    switch (cdb.opcode) {
      case Opcode::Stop:
        if (state != Started) return kNotShutDown;
        state = Stopped;
        return StatCode::Success;
      case Opcode::GetInitInfo:
        return get_info(cdb);
      case Opcode::Initialize:
        return initialize(cdb);
      default:
        break;
    }
    if (state != Initialized) return kNotInitialized;
    switch (cdb.opcode) {
      case Opcode::Shutdown:
        return shut_down();
      case Opcode::ReceiveFilters:
        if (cdb.cpb_bytes || cdb.db_bytes) return kInvalidCdb;
        filters = cdb.flags;
        return StatCode::Success;
      case Opcode::StationAddress:
        return address(cdb);
      case Opcode::GetStatus:
        return get_status(cdb);
      case Opcode::Transmit:
        return transmit_frame(cdb);
      case Opcode::Receive:
        return receive(cdb);
      default:
        return kInvalidCdb;
    }
  }
  StatCode start(efi::undi::Cdb& cdb) {
    if (state != Stopped) return kAlreadyStarted;
    auto* cpb = block<efi::undi::StartCpb>(cdb.cpb, cdb.cpb_bytes);
    if (!cpb) return kInvalidCdb;
    callbacks = *cpb;
    state = Started;
    return StatCode::Success;
  }
  StatCode get_info(efi::undi::Cdb& cdb) {
    auto* db = block<efi::undi::InitInfoDb>(cdb.db, cdb.db_bytes);
    if (!db) return kInvalidCdb;
    *db = info;
    cdb.stat_flags = tells_media ? efi::undi::kTellsMedia : 0;
    return StatCode::Success;
  }
  StatCode initialize(efi::undi::Cdb& cdb) {
    if (state == Initialized) return kAlreadyInitialized;
    auto* cpb = block<efi::undi::InitializeCpb>(cdb.cpb, cdb.cpb_bytes);
    if (!cpb || !block<efi::undi::InitializeDb>(cdb.db, cdb.db_bytes)) return kInvalidCdb;
    if (cpb->memory_bytes < info.memory_required) return kInvalidParameter;
    EXPECT_EQ(cdb.flags, 1u) << "the link is not waited for";
    initialized_with = *cpb;
    if (cpb->memory_bytes) {
      std::memset(reinterpret_cast<void*>(cpb->memory), 0xab, cpb->memory_bytes);
      callbacks.map(callbacks.context, cpb->memory, cpb->memory_bytes, 0, &memory_at_device);
    }
    callbacks.delay(callbacks.context, 10);
    filters = 0;
    state = Initialized;
    return StatCode::Success;
  }
  StatCode shut_down() {
    for (const Lent& each : std::exchange(lent, {})) unmap(each);
    if (uint64_t device = std::exchange(memory_at_device, 0))
      callbacks.unmap(callbacks.context, initialized_with.memory, initialized_with.memory_bytes, 0,
                      device);
    state = Started;
    return StatCode::Success;
  }
  StatCode address(efi::undi::Cdb& cdb) {
    if (cdb.flags & efi::undi::kResetAddress) {
      current = kCurrent;
    } else if (cdb.cpb_bytes) {
      auto* cpb = block<efi::MacAddress>(cdb.cpb, cdb.cpb_bytes);
      if (!cpb) return kInvalidCdb;
      std::copy_n(cpb->bytes, 6, current.bytes.begin());
    }
    if (!cdb.db_bytes) return StatCode::Success;
    auto* db = block<efi::undi::AddressDb>(cdb.db, cdb.db_bytes);
    if (!db) return kInvalidCdb;
    *db = {address_of(current), {}, address_of(kPermanent)};
    return StatCode::Success;
  }
  void unmap(const Lent& each) {
    callbacks.unmap(callbacks.context, each.frame, each.bytes, 2, each.device);
  }
  StatCode get_status(efi::undi::Cdb& cdb) {
    auto* db = block<efi::undi::StatusDb>(cdb.db, cdb.db_bytes);
    if (!db) return kInvalidCdb;
    if ((cdb.flags & efi::undi::kGetMedia) && !tells_media) return kInvalidCdb;
    if ((cdb.flags & efi::undi::kGetMedia) && !has_media) cdb.stat_flags = efi::undi::kNoMedia;
    size_t count = 0;
    for (uint64_t frame : std::exchange(foreign, {})) db->sent[count++] = frame;
    for (; gives_back && count < db->kFrames && !lent.empty(); lent.pop_front()) {
      unmap(lent.front());
      db->sent[count++] = lent.front().frame;
    }
    return StatCode::Success;
  }
  StatCode transmit_frame(efi::undi::Cdb& cdb) {
    auto* cpb = block<efi::undi::TransmitCpb>(cdb.cpb, cdb.cpb_bytes);
    if (!cpb || cdb.db_bytes || cdb.flags) return kInvalidCdb;
    if (cpb->header_bytes || cpb->reserved) return kInvalidParameter;
    if (lent.size() >= queue) return StatCode::QueueFull;
    callbacks.block(callbacks.context, 1);
    Lent frame{cpb->frame, 0, cpb->bytes};
    sent.push_back(frame_at(reinterpret_cast<const void*>(frame.frame), frame.bytes));
    callbacks.map(callbacks.context, frame.frame, frame.bytes, 2, &frame.device);
    lent.push_back(frame);
    callbacks.block(callbacks.context, 0);
    return StatCode::Success;
  }
  StatCode receive(efi::undi::Cdb& cdb) {
    auto* cpb = block<efi::undi::ReceiveCpb>(cdb.cpb, cdb.cpb_bytes);
    auto* db = block<efi::undi::ReceiveDb>(cdb.db, cdb.db_bytes);
    if (!cpb || !db) return kInvalidCdb;
    if (answers.empty()) return StatCode::NoData;
    Answer answer = answers.front();
    if (!endless) answers.pop_front();
    if (answer.code != StatCode::Success) return answer.code;
    size_t bytes = std::min<size_t>(answer.frame.size(), cpb->bytes);
    std::copy_n(answer.frame.begin(), bytes, reinterpret_cast<uint8_t*>(cpb->buffer));
    db->frame_bytes = answer.claimed.value_or(uint32_t(answer.frame.size()));
    db->header_bytes = 14;
    return StatCode::Success;
  }
};

}  // namespace hawser::fakes
