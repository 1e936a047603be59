// Where the entry code of each platform hands over to the core.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/nic.h"
#include "src/base/bytes.h"
#include "src/platform.h"

namespace hawser {

namespace undi {
class Rom;
}

/// A card that the firmware drives for us, or whose lease it has got.
struct FirmwareCard {
  std::unique_ptr<Nic> nic;    ///< null: the card at `location` gets a driver of ours
  std::string bus = "PCI";
  uint32_t location = 0;       ///< seg << 16 | bus << 8 | devfn
  uint16_t vendor = 0, device = 0;
  std::vector<uint8_t> ack, proxy;  ///< DHCPACK, and the PXE server's answer; empty: none
  /// That the firmware used, and `nic` does not add itself: priority << 13 | VLAN, 1 to 4094.
  std::optional<uint16_t> vlan;
};

/// How this copy of Hawser came to run, as far as its entry code knows.
struct BootContext {
  std::string artifact;  ///< "rom", "lkrn", "kpxe", "efi", "host": for messages
  /// Bus location (seg << 16 | bus << 8 | devfn) of the card whose ROM started us: it boots first.
  std::optional<uint32_t> boot_nic;
  bool all_pci_cards = true;  ///< false: `cards` lists all that may be touched
  std::vector<FirmwareCard> cards = {};
  undi::Rom* rom = nullptr;  ///< the PXE ROM that loaded us, with the card it drives
  std::string command_line;  ///< of the first loader; script commands
  Bytes initrd;              ///< of the first loader; stays in memory that nobody reuses
  Bytes pack = {};           ///< what hawser-pack added (src/pack.h)
  std::string initrd_name = "<INITRD>";  ///< what to call it in the list of images
  std::string base_uri = {};  ///< of this program, if firmware fetched it from a URI; else empty
};

/// Finds the network cards and runs the agent until there is nothing more to try; then the caller
/// returns to the firmware. The value is the status of what ran last: 0 is success.
int main(Platform& platform, BootContext context);

}  // namespace hawser
