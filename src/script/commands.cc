// All commands there are: each family is a table of rows in its own cmd_*.cc.
#include <array>

#include "src/script/families.h"

namespace hawser {
namespace {
const std::array kTables{
    image_commands(),
    network_commands(),
    language_commands(),
    compute_commands(),
    menu_commands(),
    console_commands(),
    system_commands(),
    probe_commands(),
    params_commands(),
    archive_commands(),
    diag_commands(),
    san_commands(),
    form_commands(),
    config_commands(),
    digest_commands(),
    trust_commands(),
    certificate_commands(),
    link_commands(),
    pxe_commands(),
    absent_commands(),
};
}

std::span<const CommandTable> all_commands() { return kTables; }

}  // namespace hawser
