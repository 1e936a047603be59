// The Ethernet address of a card that no driver has started yet, for its device path.
#pragma once

#include <array>

#include "arch/x86_64/uefi/protocols.h"

namespace hawser::uefi {

/// As the card has it after reset (from its EEPROM, or its virtual machine): of Intel's gigabit
/// cards, virtio-net, vmxnet3, RTL8139 and PCnet. Zeros when it cannot be read. The card's decoding
/// is as before then.
std::array<uint8_t, 6> read_mac(efi::PciIo& pci, uint16_t vendor);

}  // namespace hawser::uefi
