// A card's place on the PCI bus of UEFI firmware, as drivers of the firmware's use it.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arch/x86_64/uefi/protocols.h"

namespace hawser::fakes {

/// PCI I/O of a card whose memory is at BAR 2 and whose ports are at BAR 4.
struct FakePci : efi::PciIo {
  struct Access {
    std::string what;
    efi::PciWidth width;
    unsigned bar;
    uint64_t at, value;
    bool operator==(const Access&) const = default;
  };
  std::vector<Access> accesses;
  std::map<void*, std::pair<void*, efi::PciOperation>> mapped;  // token: what
  uint64_t moved = 0;  // device addresses are so much higher
  bool maps = true, maps_all = true;
  unsigned flushes = 0;

  FakePci() {
    static_cast<efi::PciIo&>(*this) = {};
    read_config = [](efi::PciIo*, efi::PciWidth width, uint32_t at, uint64_t count, void* to)
                      EFIAPI {
                        EXPECT_EQ(width, efi::PciWidth::Uint32);
                        EXPECT_EQ(at, 0x10u);
                        EXPECT_EQ(count, 6u);
                        // BAR 0: none, BAR 2: memory of 64 bits, BAR 4: ports.
                        const uint32_t bars[] = {0, 0, 0xfe00000c, 1, 0xc001, 0};
                        std::memcpy(to, bars, sizeof bars);
                        return efi::Code::Success;
                      };
    read_memory = access<'r', 'm'>;
    write_memory = access<'w', 'm'>;
    read_io = access<'r', 'p'>;
    write_io = access<'w', 'p'>;
    map = [](efi::PciIo* io, efi::PciOperation operation, void* host, uint64_t* bytes,
             efi::PhysicalAddress* device, void** token) EFIAPI {
      FakePci& self = of(io);
      if (!self.maps) return efi::Code::OutOfResources;
      if (!self.maps_all) --*bytes;
      *device = reinterpret_cast<uint64_t>(host) + self.moved;
      *token = reinterpret_cast<void*>(++self.tokens_);
      self.mapped[*token] = {host, operation};
      return efi::Code::Success;
    };
    unmap = [](efi::PciIo* io, void* token) EFIAPI {
      EXPECT_EQ(of(io).mapped.erase(token), 1u);
      return efi::Code::Success;
    };
    flush = [](efi::PciIo* io) EFIAPI {
      ++of(io).flushes;
      return efi::Code::Success;
    };
  }
  static FakePci& of(efi::PciIo* io) { return *static_cast<FakePci*>(io); }

 private:
  template <char How, char Where>
  static efi::Code EFIAPI access(efi::PciIo* io, efi::PciWidth width, uint8_t bar, uint64_t at,
                                 uint64_t count, void* data) {
    EXPECT_EQ(count, 1u);
    uint64_t value = 0x8877665544332211;
    size_t bytes = size_t{1} << unsigned(width);
    if (How == 'w') {
      value = 0;
      std::memcpy(&value, data, bytes);
    } else {
      std::memcpy(data, &value, bytes);
    }
    of(io).accesses.push_back({std::string{How, Where}, width, bar, at, How == 'w' ? value : 0});
    return efi::Code::Success;
  }
  uintptr_t tokens_ = 0;
};

}  // namespace hawser::fakes
