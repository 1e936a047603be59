// A made-up PCI configuration space.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "drivers/pci/function.h"

namespace hawser::fakes {

class FakeConfig : public pci::Config {
 public:
  uint32_t read32(pci::Address at, uint8_t offset) override {
    auto function = functions_.find(at.location());
    return function == functions_.end() ? ~0u : function->second[offset / 4];
  }
  void write32(pci::Address at, uint8_t offset, uint32_t value) override {
    if (auto function = functions_.find(at.location()); function != functions_.end())
      function->second[offset / 4] = value;
  }
  void write16(pci::Address at, uint8_t offset, uint16_t value) override {
    writes.push_back({at, offset, value});
    unsigned shift = (offset & 2) * 8;
    uint32_t old = read32(at, offset & 0xfc);
    write32(at, offset & 0xfc, (old & ~(0xffffu << shift)) | uint32_t{value} << shift);
  }

  void add(pci::Address at, uint16_t vendor, uint16_t device, uint8_t header_type = 0,
           uint16_t device_class = 0) {
    auto& words = functions_[at.location()];
    words[0] = uint32_t{device} << 16 | vendor;
    words[2] = uint32_t{device_class} << 16;
    words[3] = uint32_t{header_type} << 16;
  }
  /// A capability at `where`, a multiple of 4; the first one added is the list's head.
  void add_capability(pci::Address at, uint8_t where, uint8_t id, uint8_t next,
                      uint16_t upper = 0) {
    auto& words = functions_[at.location()];
    words[where / 4] = uint32_t{upper} << 16 | uint32_t{next} << 8 | id;
    if (words[pci::kCapabilities / 4] == 0) words[pci::kCapabilities / 4] = where;
  }
  struct Write {
    pci::Address at;
    uint8_t offset;
    uint16_t value;
  };
  std::vector<Write> writes;

 private:
  std::map<uint32_t, std::array<uint32_t, 64>> functions_;
};

}  // namespace hawser::fakes
