// Where this program was loaded from: a card with the lease the firmware got on it, a URI, or a
// file system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/x86_64/uefi/efi.h"
#include "src/base/bytes.h"

namespace hawser::uefi {

struct Origin {
  efi::Handle device = nullptr;     ///< what the firmware loaded us from
  efi::Handle pci = nullptr;        ///< the PCI function that `device` is on, if it is on one
  std::optional<uint32_t> nic;      ///< its location, if it is a network card
  std::vector<uint8_t> mac;         ///< of that card, as in the device path
  std::optional<uint16_t> vlan;     ///< that the firmware used on it, 1 to 4094
  uint8_t vlan_priority = 0;        ///< of its frames, 0 to 7
  std::vector<uint8_t> ack, proxy;  ///< the firmware's DHCPACK and PXE answer; empty: none
  bool by_ipv6 = false;             ///< the firmware used IPv6 on it
  std::string uri;                  ///< HTTP boot: of the program itself; else empty
  std::string command_line;         ///< load options without the program's name
  Bytes pack;                       ///< what hawser-pack added
  std::vector<uint8_t> script;      ///< autoexec.ipxe of the file system
  std::string script_name = "autoexec.ipxe";
};

/// Reads only; nothing is opened or disconnected.
Origin find_origin();

/// The deepest device on the way to `device` that offers the protocol; nullptr: none.
efi::Handle ancestor_with(efi::Handle device, const efi::Guid& protocol);

/// Location of a PCI function, as segment << 16 | bus << 8 | devfn.
uint32_t pci_location(efi::Handle handle);

}  // namespace hawser::uefi
