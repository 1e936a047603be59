// Memory of a boot program for tests: 1 MiB and 64 KiB that can be read, base memory that can be
// written, and an area that the PXE API shares.
#pragma once

#include <algorithm>
#include <vector>

#include "src/nbp.h"

namespace hawser::fakes {

class TestMemory : public ProgramMemory {
 public:
  static constexpr uint32_t kEnd = 0x10fff0, kSharedAt = 0x98000, kSharedBytes = 7936;

  bool read(uint32_t at, MutBytes to) override {
    if (!fits(at, to.size(), kEnd)) return false;
    std::copy_n(bytes.begin() + at, to.size(), to.begin());
    return true;
  }
  bool write(uint32_t at, Bytes from) override {
    if (!fits(at, from.size(), kSharedAt)) return false;
    std::copy(from.begin(), from.end(), bytes.begin() + at);
    return true;
  }
  Area shared() override {
    return {kSharedAt, MutBytes(bytes).subspan(kSharedAt, kSharedBytes)};
  }

  template <class T>
  void put(uint32_t at, const T& value) {
    std::memcpy(&bytes[at], &value, sizeof value);
  }
  template <class T>
  T get(uint32_t at) const {
    T value;
    std::memcpy(&value, &bytes[at], sizeof value);
    return value;
  }

  std::vector<uint8_t> bytes = std::vector<uint8_t>(kEnd);
};

}  // namespace hawser::fakes
