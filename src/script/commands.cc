// All commands there are: each family is a table of rows in its own cmd_*.cc.
#include <array>

#include "src/script/families.h"

namespace hawser {
namespace {
const std::array<CommandTable, 4> kTables{image_commands(), network_commands(), language_commands(),
                                          system_commands()};
}

std::span<const CommandTable> all_commands() { return kTables; }

}  // namespace hawser
