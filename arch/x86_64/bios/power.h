// Restarting the machine and switching it off.
#pragma once

#include "src/base/result.h"

namespace hawser::bios {

[[noreturn]] void restart(bool warm);
/// ACPI soft off, else APM. Errors: Unsupported or Device when the machine is still on.
Status soft_off();

}  // namespace hawser::bios
