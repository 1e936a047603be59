// The stack's side of a driver under test.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "drivers/nic.h"

namespace hawser::fakes {

/// A stack with `count` receive buffers that notes what it is given.
class CountingPort : public FramePort {
 public:
  explicit CountingPort(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      buffers_.push_back(std::make_unique<Buffer>());
      Buffer& made = *buffers_.back();
      made.buffer = {this, made.data.data(), Phys(made.data.data()), kRxBufferBytes};
      pool_.push_back(&made.buffer);
    }
  }
  RxBuffer* take() override {
    if (pool_.empty()) return nullptr;
    RxBuffer* buffer = pool_.front();
    pool_.pop_front();
    return buffer;
  }
  void received_parts(std::span<RxPart> parts, bool checked) override {
    std::vector<uint8_t>& frame = frames.emplace_back();
    checked_frames += checked;
    for (const RxPart& part : parts) {
      ASSERT_TRUE(fits(part.at, part.bytes, kRxBufferBytes));
      const uint8_t* data = part.buffer->data + part.at;
      frame.insert(frame.end(), data, data + part.bytes);
      if (keep) kept_.push_back(part.buffer);
      else give_back(part.buffer);
    }
  }
  void give_back(RxBuffer* buffer) override {
    ASSERT_EQ(buffer->owner, this);
    for (RxBuffer* free : pool_) ASSERT_NE(free, buffer) << "given back twice";
    pool_.push_back(buffer);
  }
  void release_kept() {
    for (RxBuffer* buffer : kept_) give_back(buffer);
    kept_.clear();
  }
  size_t free() const { return pool_.size(); }

  std::vector<std::vector<uint8_t>> frames;
  size_t checked_frames = 0;
  bool keep = false;  ///< holds buffers until release_kept(), like a TCP queue

 private:
  struct Buffer {
    RxBuffer buffer;
    std::array<uint8_t, kRxBufferBytes> data{};
  };
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::deque<RxBuffer*> pool_;
  std::vector<RxBuffer*> kept_;
};

}  // namespace hawser::fakes
