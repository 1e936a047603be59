// What a person sees of a PXELINUX configuration: its menus, the `boot:` prompt, passwords.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/pxelinux/config.h"

namespace hawser {
class Console;
}

namespace hawser::pxelinux {

/// What was chosen, or that nobody chose in time.
struct Choice {
  const Entry* entry = nullptr;  ///< of a menu
  std::string line;              ///< of the prompt
  bool timed_out = false;
};

/// Shows menu `index` of the configuration. The timeout applies only with `may_time_out`.
/// Errors: NotFound (it is empty), Cancelled (Esc or Ctrl-C).
Result<Choice> choose_entry(Console& console, const Config& config, size_t index,
                            bool may_time_out);

/// Asks "boot: ". An empty line is the default. Errors: Cancelled (Ctrl-C).
Result<Choice> ask_at_prompt(Console& console, const Config& config, bool may_time_out);

/// Asks for the password if `entry`, in menu `index`, has one. Errors: Access (a wrong one),
/// Cancelled, Unsupported (as is_password).
Status check_password(Console& console, const Config& config, const Entry& entry, size_t index);

/// True if `typed` is the password `stored`: clear text, "$4$salt$digest" (SHA-1), or as crypt.h
/// has it. Errors: Unsupported (as matches_crypt).
Result<bool> is_password(std::string_view stored, std::string_view typed);

/// True where a person must not get past the menu: NOESCAPE, ALLOWOPTIONS 0, a master password.
bool is_locked(const Config& config);

}  // namespace hawser::pxelinux
