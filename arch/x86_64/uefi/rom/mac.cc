// Reading a card's address: see mac.h.
#include "arch/x86_64/uefi/rom/mac.h"

#include <cstring>

namespace hawser::uefi {
namespace {

using efi::PciAttribute;
using efi::PciIo;
using efi::PciWidth;

constexpr uint16_t kIntel = 0x8086, kRedHat = 0x1af4;

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
  if (vendor == kIntel) {
    constexpr uint32_t kReceiveAddress = 0x5400;  // RAL and RAH: 8254x manual §13.5.3
    uint32_t words[2] = {};
    if (!failed(pci.read_memory(&pci, PciWidth::Uint32, 0, kReceiveAddress, 2, words)))
      std::memcpy(mac.data(), words, mac.size());
  } else if (vendor == kRedHat) {
    constexpr uint32_t kOldConfiguration = 20;  // virtio 1.2 §4.1.4.10
    Place place{};
    efi::Code code =
        find_configuration(pci, place)
            ? pci.read_memory(&pci, PciWidth::Uint8, place.bar, place.offset, mac.size(),
                              mac.data())
            : pci.read_io(&pci, PciWidth::Uint8, 0, kOldConfiguration, mac.size(), mac.data());
    if (failed(code)) mac = {};
  }
  return mac;
}

}  // namespace hawser::uefi
