// Reading a card's address: see mac.h.
#include "arch/x86_64/uefi/rom/mac.h"

#include <cstring>

namespace hawser::uefi {
namespace {

using efi::PciAttribute;
using efi::PciIo;
using efi::PciWidth;

constexpr uint16_t kIntel = 0x8086, kRedHat = 0x1af4, kVmware = 0x15ad, kRealtek = 0x10ec,
                   kAmd = 0x1022;

/// Decoding of registers, switched on for as long as this lives.
class Decoding {
 public:
  explicit Decoding(PciIo& pci) : pci_(pci) {
    uint64_t there = 0;
    known_ = !failed(pci.attributes(&pci, PciAttribute::Get, 0, &before_));
    if (known_ && !failed(pci.attributes(&pci, PciAttribute::Supported, 0, &there)))
      pci.attributes(&pci, PciAttribute::Enable, there & (PciIo::kIo | PciIo::kMemory), nullptr);
  }
  ~Decoding() {
    if (known_) pci_.attributes(&pci_, PciAttribute::Set, before_, nullptr);
  }
  Decoding(const Decoding&) = delete;
  Decoding& operator=(const Decoding&) = delete;

 private:
  PciIo& pci_;
  uint64_t before_ = 0;
  bool known_;
};

struct Place {
  uint8_t bar;
  uint32_t offset;
};

/// A virtio device's own configuration, which begins with the address: virtio 1.2 §4.1.4, §5.1.4.
/// False: an old device, which has it in I/O space.
bool find_configuration(PciIo& pci, Place& place) {
  constexpr uint32_t kFirst = 0x34, kLowest = 0x40;
  constexpr uint8_t kVendorSpecific = 9, kDevice = 4, kMostBars = 6;
  constexpr int kMostCapabilities = 48;
  uint8_t at = 0;
  pci.read_config(&pci, PciWidth::Uint8, kFirst, 1, &at);
  for (int i = 0; i < kMostCapabilities && at >= kLowest; ++i) {
    uint8_t head[16] = {};  // id, next, length, type, BAR, 3 unused, offset, length
    if (at > 256 - sizeof head) return false;
    if (failed(pci.read_config(&pci, PciWidth::Uint8, at, sizeof head, head))) return false;
    if (head[0] == kVendorSpecific && head[3] == kDevice && head[4] < kMostBars) {
      place.bar = head[4];
      std::memcpy(&place.offset, head + 8, sizeof place.offset);
      return true;
    }
    at = head[1];
  }
  return false;
}

}  // namespace

std::array<uint8_t, 6> read_mac(PciIo& pci, uint16_t vendor) {
  Decoding on(pci);
  std::array<uint8_t, 6> mac{};
  uint32_t words[2] = {};
  efi::Code code = efi::Code::Unsupported;
  auto from_memory = [&](uint8_t bar, uint64_t at) {
    return pci.read_memory(&pci, PciWidth::Uint8, bar, at, mac.size(), mac.data());
  };
  auto from_ports = [&](uint64_t at) {
    return pci.read_io(&pci, PciWidth::Uint8, 0, at, mac.size(), mac.data());
  };
  switch (vendor) {
    case kIntel: {
      constexpr uint64_t kReceiveAddress = 0x5400;  // RAL and RAH: 8254x manual §13.5.3
      code = pci.read_memory(&pci, PciWidth::Uint32, 0, kReceiveAddress, 2, words);
      std::memcpy(mac.data(), words, mac.size());
      break;
    }
    case kRedHat: {
      constexpr uint64_t kOldConfiguration = 20;  // virtio 1.2 §4.1.4.10
      Place place{};
      code = find_configuration(pci, place) ? from_memory(place.bar, place.offset)
                                            : from_ports(kOldConfiguration);
      break;
    }
    case kVmware: {  // vmxnet3: answers to commands
      constexpr uint64_t kCommand = 0x20;
      constexpr uint32_t kGetMacLow = 0xf00d0003;  // and the other half
      for (uint32_t i = 0; i < 2; ++i) {
        uint32_t command = kGetMacLow + i;
        pci.write_memory(&pci, PciWidth::Uint32, 1, kCommand, 1, &command);
        code = pci.read_memory(&pci, PciWidth::Uint32, 1, kCommand, 1, &words[i]);
      }
      std::memcpy(mac.data(), words, mac.size());
      break;
    }
    case kRealtek:  // RTL8139: IDR0 to 5
    case kAmd:      // PCnet: the address PROM
      code = from_ports(0);
      break;
  }
  if (failed(code)) mac = {};
  return mac;
}

}  // namespace hawser::uefi
