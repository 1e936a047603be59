// A driver of a card with rings, and a model of its card to try it on.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "drivers/ring_nic.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/nic_model.h"

namespace hawser::fakes {

/// Memory that a card of 32 bits reaches: the test runs where addresses have more.
struct Reachable {
  std::vector<std::pair<uint8_t*, size_t>> blocks;
  void add(uint8_t* at, size_t bytes) { blocks.push_back({at, bytes}); }
  uint8_t* at(uint32_t bus) const {
    for (auto [start, bytes] : blocks) {
      uint32_t offset = bus - uint32_t(uintptr_t(start));
      if (offset < bytes) return start + offset;
    }
    throw std::runtime_error("the card reaches for memory that it was not given");
  }
};

struct NotingPlatform : FakePlatform {
  Reachable memory;
  Result<DmaBlock> dma(size_t bytes, size_t align) override {
    auto block = FakePlatform::dma(bytes, align);
    memory.add(block->data, bytes);
    return block;
  }
};

struct NotingPort : CountingPort {
  Reachable& memory;
  NotingPort(size_t count, Reachable& memory) : CountingPort(count), memory(memory) {}
  RxBuffer* take() override {
    RxBuffer* buffer = CountingPort::take();
    if (buffer) memory.add(buffer->data, buffer->bytes);
    return buffer;
  }
};

struct Kind {
  const char *name, *driver;
  std::unique_ptr<NicModel> (*model)();
  std::unique_ptr<RingNic> (*create)(NicModel&, Platform&);
};

/// `More` is for the driver's constructor.
template <class Model, class Driver, auto... More>
constexpr Kind kind(const char* name, const char* driver) {
  return {name, driver, [] { return std::unique_ptr<NicModel>{std::make_unique<Model>()}; },
          [](NicModel& model, Platform& platform) -> std::unique_ptr<RingNic> {
            return std::make_unique<Driver>(std::make_unique<NicModelIo>(model), "test", platform,
                                            More...);
          }};
}

struct Bench {
  NotingPlatform platform;
  std::unique_ptr<NicModel> model_owner;
  NicModel& model;
  NotingPort port;
  std::unique_ptr<RingNic> nic;

  explicit Bench(const Kind& kind, size_t buffers = kBuffers)
      : model_owner(kind.model()),
        model(*model_owner),
        port(buffers, platform.memory),
        nic(kind.create(model, platform)) {
    model.memory_at = [this](uint32_t bus) { return platform.memory.at(bus); };
  }
  template <class Model>
  Model& as() {
    return static_cast<Model&>(model);
  }
  void open() {
    Status attached = nic->attach();
    ASSERT_TRUE(attached.ok()) << attached.error().text;
    Status opened = nic->open(port);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
  }
  bool transmit(const Frame& frame) { return fakes::transmit(*nic, frame); }
};

}  // namespace hawser::fakes
