// A download's file that keeps nothing and sees to the order of calls.
#pragma once

#include "src/fetch.h"
#include "tests/fuzz/check.h"

namespace hawser::fuzz {

struct CountingFile : Sink {
  Status begin(std::optional<uint64_t> size) override {
    check(bytes == 0);
    if (size && *size > kRoom) return Error{Errc::NoSpace, "too large"};
    begun = true;
    return ok_status();
  }
  Status write(Bytes part) override {
    check(begun);
    if (part.size() > kRoom - bytes) return Error{Errc::NoSpace, "full"};
    bytes += part.size();
    return ok_status();
  }
  void restart() override { bytes = 0; }
  static constexpr uint64_t kRoom = 1u << 20;
  uint64_t bytes = 0;
  bool begun = false;
};

}  // namespace hawser::fuzz
