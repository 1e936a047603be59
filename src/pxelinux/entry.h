// An entry of a PXELINUX configuration as commands of the script language.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/pxelinux/config.h"
#include "src/uri/uri.h"

namespace hawser::pxelinux {

/// What is to be done for an entry.
struct Action {
  enum class Kind : uint8_t {
    Commands,  ///< run them, in order
    Leave,     ///< to the firmware, which tries its next boot device
    Config,    ///< read the configuration `file`, relative to `folder` if that is given
    Search,    ///< look for a configuration again, from `file`'s folder
    Menu,      ///< show the menu `file`; empty: the first one
    Label,     ///< what the label `file` says
  };
  Kind kind = Kind::Commands;
  std::vector<std::vector<std::string>> commands = {};
  std::string file = {};
  std::string folder = {};
};

/// Value of a setting as text, empty if it is not set: "net0/ip", "uuid", "smbios/1.25.0".
using Facts = std::function<std::string(std::string_view setting)>;

/// The strings that SYSAPPEND's bits stand for (doc/syslinux.txt), those without a value left out.
/// `facts` answers for the boot interface by "ip", "mac:hexhyp" and so on.
std::vector<std::string> sysappend_words(uint32_t bits, const Facts& facts);

/// What choosing `entry` means. `extra` are words typed behind its label. Kinds that need a screen
/// (Quit, Help, Text) are not for here.
/// Errors: Unsupported (a .c32 program that has no counterpart), Invalid.
Result<Action> action_for(const Config& config, const Entry& entry, std::string_view extra,
                          const Uri& base, const Facts& facts);

}  // namespace hawser::pxelinux
