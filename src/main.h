// Where the entry code of each platform hands over to the core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/base/bytes.h"
#include "src/platform.h"

namespace hawser {

namespace undi {
class Rom;
}

/// How this copy of Hawser came to run, as far as its entry code knows.
struct BootContext {
  std::string artifact;  ///< "rom", "lkrn", "kpxe", "host": for messages
  /// Bus location (seg << 16 | bus << 8 | devfn) of the card whose ROM started us: it boots first.
  std::optional<uint32_t> boot_nic;
  undi::Rom* rom = nullptr;  ///< the PXE ROM that loaded us, with the card it drives
  std::string command_line;  ///< of the first loader; script commands
  Bytes initrd;              ///< of the first loader; stays in memory that nobody reuses
  Bytes pack = {};           ///< what hawser-pack added (src/pack.h)
  std::string initrd_name = "<INITRD>";  ///< what to call it in the list of images
};

/// Finds the network cards and runs the agent until there is nothing more to try; then the caller
/// returns to the firmware. The value is the status of what ran last: 0 is success.
int main(Platform& platform, const BootContext& context);

}  // namespace hawser
