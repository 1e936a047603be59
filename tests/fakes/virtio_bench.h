// The virtio-net driver and a model of the device to try it on.
#pragma once

#include <gtest/gtest.h>

#include "drivers/virtio_net/device.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/virtio_model.h"

namespace hawser::virtio_net {

using namespace fakes;

enum class Kind : uint8_t { Modern, Legacy, LegacySplit };

/// Knows the blocks it has given by the low 44 bits of their addresses.
struct DmaPlatform : FakePlatform {
  std::vector<Phys> blocks;
  Result<DmaBlock> dma(size_t bytes, size_t align) override {
    auto block = FakePlatform::dma(bytes, align);
    blocks.push_back(block->bus);
    return block;
  }
  Phys block_at(uint64_t low) {
    for (Phys block : blocks)
      if (block << 20 == low << 20) return block;
    std::abort();
  }
};

/// A model of each kind of device. Legacy devices have either ANY_LAYOUT or headers of their own.
inline VirtioModel model_of(Kind kind, DmaPlatform& platform) {
  VirtioModel model;
  model.modern = kind == Kind::Modern;
  model.split_headers = kind == Kind::LegacySplit;
  if (kind == Kind::Legacy) model.offered = feature::kStatus | feature::kMac | feature::kAnyLayout;
  if (kind == Kind::LegacySplit) model.offered = feature::kStatus | feature::kMac;
  model.memory_at = [&](uint64_t low) { return platform.block_at(low); };
  return model;
}

inline std::unique_ptr<Transport> transport_of(VirtioModel& model) {
  VirtioModelIo io{&model};
  if (!model.modern) return std::make_unique<Legacy<VirtioModelIo>>(io);
  return std::make_unique<Modern<VirtioModelIo>>(io, VirtioModel::kNotifyBytes,
                                                 VirtioModel::kNotifyStride);
}

struct Bench {
  DmaPlatform platform;
  VirtioModel model;
  CountingPort port;
  Device nic;

  explicit Bench(Kind kind = Kind::Modern, size_t buffers = kBuffers)
      : model(model_of(kind, platform)),
        port(buffers),
        nic(transport_of(model), "test", platform) {}
  void open() {
    Status attached = nic.attach();
    ASSERT_TRUE(attached.ok()) << attached.error().text;
    Status opened = nic.open(port);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
  }
  bool transmit(const Frame& frame) { return fakes::transmit(nic, frame); }
  void expect_open_fails(std::string_view why) {
    Status opened = nic.open(port);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Errc::Device);
    EXPECT_NE(opened.error().text.find(why), std::string::npos) << opened.error().text;
    EXPECT_FALSE(model.bus_master);
    EXPECT_EQ(port.free(), kBuffers);
    EXPECT_EQ(nic.poll(kAll), 0u);
  }
};

}  // namespace hawser::virtio_net
