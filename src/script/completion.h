// What Tab does at the command line.
#pragma once

#include <string_view>

#include "src/console/console.h"
#include "src/script/command.h"

namespace hawser {

/// What the last word of `line` can become: a command, an option, a setting behind "${", or what the
/// command's usage calls a setting, an image, an interface or a command at this place. Sorted.
Console::Completion complete(Context& context, std::string_view line);

}  // namespace hawser
