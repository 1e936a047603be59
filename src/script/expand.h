// Expansion of ${settings} in text.
#pragma once

#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/settings/settings.h"

namespace hawser {

/// Replaces each ${name} by the setting's text, innermost first, and expands the result again.
/// What is missing or cannot be shown becomes nothing. A lone "${" or "}" stays.
/// Errors: Invalid (more than 64 replacements: a value that mentions itself; or longer than
/// 64 KiB).
Result<std::string> expand(const Settings& settings, std::string_view text);

}  // namespace hawser
