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
  bool whole() const { return used_ == memory_.size(); }

 private:
  MutBytes memory_;
  size_t used_ = 0;
};

}  // namespace hawser::http
