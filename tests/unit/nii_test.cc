// The driver over an UNDI of UEFI firmware, with one that does it well and badly. What it has in
// common with the others: firmware_nic_test.cc.
#include "drivers/nii/device.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/fakes/fake_undi.h"

namespace hawser::nii {
namespace {

using efi::undi::Pxe;
using efi::undi::StatCode;
using fakes::FakeUndi;
using fakes::Frame;
using fakes::frame_of;
using Calls = std::vector<std::string>;

class Nii : public testing::Test {
 protected:
  FakeUndi undi;
  fakes::CountingPort port{8};
  Device device{undi.boot, undi.identifier, &undi.pci, FakeUndi::kCurrent};

  bool send(const Frame& frame) { return fakes::transmit(device, frame); }
  void expect_refused(Errc code, const std::string& text) {
    Status opened = device.open(port);
    ASSERT_FALSE(opened.ok()) << text;
    EXPECT_EQ(opened.error().code, code);
    EXPECT_NE(opened.error().text.find(text), std::string::npos) << opened.error().text;
    EXPECT_EQ(undi.state, FakeUndi::Stopped);
    EXPECT_TRUE(undi.pages.empty());
    EXPECT_TRUE(undi.pci.mapped.empty());
    EXPECT_FALSE(send(frame_of(60)));
    EXPECT_EQ(device.poll(8), 0u);
  }
};

// --- opening and closing -------------------------------------------------------------------------

TEST_F(Nii, OpensWithFiltersAndClosesToStopped) {
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(undi.calls,
            (Calls{"state", "start", "info", "initialize", "address", "filters", "status"}));
  EXPECT_EQ(undi.filters, 0x8013) << "own, broadcast, all multicast";
  EXPECT_EQ(undi.pages.size(), 1u);
  EXPECT_EQ(undi.pages.begin()->second, 2u) << "5000 bytes";
  EXPECT_EQ(undi.pci.mapped.size(), 1u);
  undi.calls.clear();
  device.close();
  EXPECT_EQ(undi.calls, (Calls{"shutdown", "stop"}));
  EXPECT_EQ(undi.state, FakeUndi::Stopped);
  EXPECT_TRUE(undi.pages.empty());
  EXPECT_TRUE(undi.pci.mapped.empty());
}

TEST_F(Nii, WhatAnotherUserLeftRunningIsStoppedFirst) {
  for (auto [state, calls] : {std::pair{FakeUndi::Started, Calls{"state", "stop", "start"}},
                              {FakeUndi::Initialized, Calls{"state", "shutdown", "stop"}}}) {
    undi.state = state;
    undi.calls.clear();
    ASSERT_TRUE(device.open(port).ok());
    undi.calls.resize(3);
    EXPECT_EQ(undi.calls, calls);
    device.close();
  }
}

TEST_F(Nii, EachCommandThatFailsIsNamed) {
  for (auto [call, text] : {std::pair{"state", "UNDI GetState"},
                            {"start", "UNDI Start"},
                            {"info", "UNDI GetInitInfo"},
                            {"initialize", "UNDI Initialize"},
                            {"address", "UNDI StationAddress"},
                            {"filters", "UNDI ReceiveFilters"}}) {
    undi.broken = {call};
    expect_refused(Errc::Device, std::string(text) + " ended in StatCode 10 (device failure)");
  }
  undi.broken = {"status"};
  EXPECT_TRUE(device.open(port).ok()) << "one can do without";
  EXPECT_EQ(device.link(), Link::Up);
}

TEST_F(Nii, ABusyUndiIsAskedAgainForAWhile) {
  undi.busy = 50;
  EXPECT_TRUE(device.open(port).ok());
  device.close();
  undi.busy = ~0u;
  undi.stalled_us = 0;
  expect_refused(Errc::Device, "UNDI GetState ended in StatCode 3 (busy)");
  EXPECT_LE(undi.stalled_us, 5'000'000u) << "Shutdown and Stop were tried as well";
  undi.busy = 0;
  EXPECT_TRUE(device.open(port).ok());
}

TEST_F(Nii, ACommandMayEndLater) {
  undi.hangs = "filters";
  undi.ends_after_us = 20'000;
  EXPECT_TRUE(device.open(port).ok());
  EXPECT_GE(undi.stalled_us, 20'000u);
}

TEST_F(Nii, AfterACommandThatDoesNotEndNoneIsIssued) {
  undi.hangs = "initialize";
  Status opened = device.open(port);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text.find("UNDI Initialize did not end"), std::string::npos)
      << opened.error().text;
  EXPECT_EQ(undi.calls.back(), "initialize");
  EXPECT_EQ(undi.pages.size(), 1u) << "the memory is the UNDI's for good";
  EXPECT_LE(undi.stalled_us, 1'000'000u);
  EXPECT_FALSE(device.open(port).ok());
  EXPECT_EQ(undi.calls.back(), "initialize");
  undi.open_cdb->stat_flags = efi::undi::Cdb::kComplete;  // and so did the UNDI, after all
  undi.hangs.clear();
  undi.open_cdb = nullptr;
  EXPECT_TRUE(device.open(port).ok());
  device.close();
  EXPECT_TRUE(undi.pages.empty());
}

TEST_F(Nii, ReceiveThatDoesNotEndCostsNoTime) {
  ASSERT_TRUE(device.open(port).ok());
  undi.hangs = "receive";
  EXPECT_EQ(device.poll(8), 0u);
  uint64_t stalled = undi.stalled_us;
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(device.poll(8), 0u);
    EXPECT_FALSE(send(frame_of(60)));
  }
  EXPECT_EQ(undi.stalled_us, stalled);
  undi.open_cdb->stat_flags = efi::undi::Cdb::kFailed;
  undi.open_cdb = nullptr;
  undi.hangs.clear();
  undi.arrive(frame_of(60));
  EXPECT_EQ(device.poll(8), 1u);
  EXPECT_TRUE(send(frame_of(60)));
}

TEST_F(Nii, AnUndiThatHangsKeepsTheBufferThatItMayStillFill) {
  ASSERT_TRUE(device.open(port).ok());
  undi.hangs = "receive";
  EXPECT_EQ(device.poll(8), 0u);
  device.close();
  EXPECT_EQ(port.free(), 7u);
}

TEST_F(Nii, AnUndiMayLeaveItAtStatCodes) {
  undi.sets_no_flags = true;
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_TRUE(send(frame_of(60)));
  EXPECT_EQ(device.poll(8), 0u);
  undi.arrive(frame_of(60));
  EXPECT_EQ(device.poll(8), 1u);
  device.close();
  undi.broken = {"filters"};
  expect_refused(Errc::Device, "UNDI ReceiveFilters ended in StatCode 10");
}

TEST_F(Nii, TheEntryMayBeAnOffset) {
  undi.pxe.implementation &= ~Pxe::kVirtualAddress;
  undi.pxe.entry -= undi.identifier.undi;
  undi.seal();
  EXPECT_TRUE(device.open(port).ok());
}

TEST_F(Nii, WhatIsNoUndiIsNotCalled) {
  const Pxe good = undi.pxe;
  auto refuses = [&](auto change, Errc code, const char* text) {
    undi.pxe = good;
    change(undi.pxe);
    if (undi.pxe.fudge == good.fudge) undi.seal();
    expect_refused(code, text);
  };
  constexpr const char* kDamaged = "!PXE structure is damaged";
  refuses([](Pxe& pxe) { pxe.signature[3] = 'D'; }, Errc::Device, kDamaged);
  refuses([](Pxe& pxe) { ++pxe.fudge; }, Errc::Device, kDamaged);
  refuses([](Pxe& pxe) { pxe.bytes = 15; }, Errc::Device, kDamaged);
  refuses([](Pxe& pxe) { pxe.bytes = 23; }, Errc::Device, kDamaged);
  refuses([](Pxe& pxe) { pxe.entry = 0; }, Errc::Device, kDamaged);
  refuses([](Pxe& pxe) { pxe.minor = 0; }, Errc::Unsupported, "version 3.0, and Hawser");
  refuses([](Pxe& pxe) { pxe.major = 4; }, Errc::Unsupported, "version 4.1");
  refuses(
      [](Pxe& pxe) {
        pxe.implementation |= Pxe::kHardware;
        pxe.bytes = 16;  // what follows are ports
      },
      Errc::Unsupported, "in hardware");
  undi.identifier.undi = 0;
  expect_refused(Errc::Device, kDamaged);
  EXPECT_TRUE(undi.calls.empty());
}

TEST_F(Nii, OnlyEthernetIsDriven) {
  const auto good = undi.info;
  auto refuses = [&](auto change) {
    undi.info = good;
    change(undi.info);
    expect_refused(Errc::Device, "not one for Ethernet");
  };
  refuses([](auto& info) { info.interface_type = 32; });
  refuses([](auto& info) { info.address_bytes = 20; });
  refuses([](auto& info) { info.header_bytes = 22; });
  refuses([](auto& info) { info.frame_data_bytes = 575; });
  undi.info = good;
  undi.info.frame_data_bytes = 9000;
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(device.mtu(), 1500u) << "what the slots have room for";
  device.close();
  undi.info.frame_data_bytes = 1400;
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(device.mtu(), 1400u);
}

TEST_F(Nii, MemoryIsWhatTheUndiAsksForIfThatIsSane) {
  undi.info.memory_required = 0;
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_TRUE(undi.pages.empty());
  EXPECT_EQ(undi.initialized_with.memory, 0u);
  device.close();
  undi.info.memory_required = ~0u;
  expect_refused(Errc::NoMemory, "needs 3.9 GiB of memory");
  undi.info.memory_required = 4096;
  undi.has_memory = false;
  expect_refused(Errc::NoMemory, "needs 4.0 KiB of memory");
  undi.has_memory = true;
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(undi.pages.begin()->second, 1u);
}

TEST_F(Nii, AnAddressOfOursIsSetWhileOpen) {
  Mac mac{{2, 0, 0, 0, 0, 9}};
  ASSERT_TRUE(device.set_mac(mac).ok());
  EXPECT_EQ(device.mac(), mac);
  ASSERT_TRUE(device.open(port).ok());
  EXPECT_EQ(undi.current, mac);
  EXPECT_EQ(device.permanent_mac(), FakeUndi::kPermanent);
  device.close();
  EXPECT_EQ(undi.current, FakeUndi::kCurrent) << "the firmware has its own again";
  undi.pxe.implementation &= ~Pxe::kAddressSettable;
  undi.seal();
  EXPECT_EQ(device.set_mac({{2, 0, 0, 0, 0, 8}}).error().code, Errc::Unsupported);
  EXPECT_EQ(device.mac(), mac);
}

TEST_F(Nii, FiltersAreThoseTheUndiHas) {
  constexpr uint32_t kOthers = Pxe::kVirtualAddress;
  for (auto [flags, filters] : {std::pair{Pxe::kAllMulticast | Pxe::kPromiscuous, 0x8013},
                                {Pxe::kPromiscuous, 0x800b},
                                {0u, 0x8003}}) {
    undi.pxe.implementation = kOthers | flags;
    undi.seal();
    ASSERT_TRUE(device.open(port).ok());
    EXPECT_EQ(undi.filters, filters);
    device.close();
  }
}

// --- frames --------------------------------------------------------------------------------------

TEST_F(Nii, ImplausibleLengthsAndErrorsAreDropped) {
  ASSERT_TRUE(device.open(port).ok());
  undi.answers = {{frame_of(60), StatCode::Success, 13},
                  {frame_of(60), StatCode::Success, 0},
                  {frame_of(60), StatCode::Success, ~0u},
                  {frame_of(9000)},  // of which all but the start is lost
                  {frame_of(60, 3)},
                  {{}, FakeUndi::kDeviceFailure},
                  {frame_of(60, 4)}};
  EXPECT_EQ(device.poll(8), 2u);
  EXPECT_EQ(port.frames, (std::vector<Frame>{frame_of(60, 3), frame_of(60, 4)}));
  EXPECT_EQ(device.counters().rx_errors, 5u);
  device.close();
  EXPECT_EQ(port.free(), 8u);
}

TEST_F(Nii, AFullQueueIsEmptiedFirst) {
  undi.queue = 4;
  ASSERT_TRUE(device.open(port).ok());
  for (uint8_t i = 0; i < 20; ++i) EXPECT_TRUE(send(frame_of(60, i)));
  undi.gives_back = false;
  for (int i = 0; i < 8; ++i) send(frame_of(60));
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_GE(device.counters().tx_errors, 1u);
  EXPECT_EQ(undi.lent.size(), 4u);
}

TEST_F(Nii, AddressesThatAreNotOursDoNoHarm) {
  ASSERT_TRUE(device.open(port).ok());
  undi.foreign = {1, ~uint64_t{0}, reinterpret_cast<uint64_t>(&undi)};
  device.poll(1);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(send(frame_of(60)));
}

TEST_F(Nii, FramesAreMappedForTheCardUntilTheyAreSent) {
  undi.gives_back = false;
  ASSERT_TRUE(device.open(port).ok());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(send(frame_of(60)));
  EXPECT_EQ(undi.pci.mapped.size(), 4u) << "with the UNDI's memory";
  undi.gives_back = true;
  for (int i = 0; i < 65; ++i) device.poll(1);
  EXPECT_EQ(undi.pci.mapped.size(), 1u);
}

TEST_F(Nii, ABlockThatIsForgottenEndsWithTheCommand) {
  ASSERT_TRUE(device.open(port).ok());
  undi.forgets_block = "receive";
  device.poll(1);
  EXPECT_EQ(undi.priority, efi::kTplApplication);
}

}  // namespace
}  // namespace hawser::nii
