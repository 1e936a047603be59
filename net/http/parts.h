// Reading the rest of a large file over several connections. Each has a window, and loses packets,
// of its own: what a long round trip or a lost packet costs is shared out.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include "src/base/time.h"
#include "src/fetch.h"

namespace hawser::http {

/// A server that answers sooner is near, and one connection fills the link to it.
inline constexpr uint32_t kFarRoundTrip_ms = 10;
/// A connection that brings at least this much in kPace is left alone.
inline constexpr uint64_t kFastEnough = 4u << 20;
inline constexpr Millis kPace{1'000};
/// Less than this of a file is not worth more connections.
inline constexpr uint64_t kLeastRest = 1u << 20;

/// Nor is less than this of a piece worth sharing it again.
inline constexpr uint64_t kLeastShare = 256u << 10;

/// Puts a part where it belongs in the file's memory, which is borrowed.
class PartSink : public Sink {
 public:
  explicit PartSink(MutBytes memory) : memory_(memory) {}
  Status begin(std::optional<uint64_t>) override { return ok_status(); }
  Status write(Bytes bytes) override {
    if (bytes.size() > memory_.size() - used_) return Error{Errc::NoSpace, "a part is too long"};
    std::memcpy(memory_.data() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
    return ok_status();
  }
  void restart() override { used_ = 0; }
  Bytes arrived() const { return memory_.first(used_); }
  bool whole() const { return missing() == 0; }
  size_t missing() const { return memory_.size() - used_; }
  size_t size() const { return memory_.size(); }
  /// The last `bytes`, of those that are missing, are read by others.
  void cut(size_t bytes) { memory_ = memory_.first(memory_.size() - bytes); }

 private:
  MutBytes memory_;
  size_t used_ = 0;
};

}  // namespace hawser::http
