// A download's file, in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/fetch.h"

namespace hawser::fakes {

struct MemoryFile : Sink {
  Status begin(std::optional<uint64_t> size) override {
    announced.push_back(size);
    if (size && *size > room) return Error{Errc::NoSpace, "needs more memory than there is"};
    return ok_status();
  }
  Status write(Bytes bytes) override {
    if (bytes.size() > room - text.size()) return Error{Errc::NoSpace, "memory is full"};
    text.append(text_of(bytes));
    return ok_status();
  }
  void restart() override {
    ++restarts;
    text.clear();
  }
  MutBytes memory() override {
    if (!any_order || announced.empty() || !announced.back()) return {};
    place.resize(*announced.back());
    return place;
  }
  std::string text;
  bool any_order = false;      ///< there is memory() that takes bytes in any order
  std::vector<uint8_t> place;  ///< that memory
  std::vector<std::optional<uint64_t>> announced;
  uint64_t room = 64u << 20;
  int restarts = 0;
};

}  // namespace hawser::fakes
