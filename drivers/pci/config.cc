#include "drivers/pci/config.h"

#include "arch/x86_64/io.h"

namespace hawser::pci {
namespace {

constexpr uint16_t kAddressPort = 0xcf8, kDataPort = 0xcfc;

void select(Address at, uint8_t offset) {
  out32(kAddressPort, 1u << 31 | at.location() << 8 | (offset & 0xfcu));
}

}  // namespace

uint32_t PortConfig::read32(Address at, uint8_t offset) {
  select(at, offset);
  return in32(kDataPort);
}

void PortConfig::write32(Address at, uint8_t offset, uint32_t value) {
  select(at, offset);
  out32(kDataPort, value);
}

void PortConfig::write16(Address at, uint8_t offset, uint16_t value) {
  select(at, offset);
  out16(uint16_t(kDataPort + (offset & 2)), value);
}

}  // namespace hawser::pci
