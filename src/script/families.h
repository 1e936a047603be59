// The families of commands that commands.cc joins into one list.
#pragma once

#include "src/script/command.h"

namespace hawser {

CommandTable image_commands();    ///< kernel, initrd, chain, boot, imgstat ... (cmd_image.cc)
CommandTable network_commands();  ///< dhcp, ifopen, ifstat, route ... (cmd_network.cc)
CommandTable system_commands();   ///< sleep, prompt, read, shell, help ... (cmd_system.cc)

}  // namespace hawser
