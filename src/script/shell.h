// The interactive command line.
#pragma once

#include "src/script/command.h"

namespace hawser {

/// Reads and runs lines behind "hawser> " until `exit`.
void run_shell(Context& context);

}  // namespace hawser
