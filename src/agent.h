// The agent above the network: banner, first script, autoboot, shell. main.cc and the host program
// give it a machine and a network.
#pragma once

#include "src/loop.h"
#include "src/main.h"
#include "src/network.h"
#include "src/platform.h"

namespace hawser {

/// Runs until there is nothing more to try; all cards are closed then. 0 is success.
int run_agent(Platform& platform, Loop& loop, Network& network, const BootContext& context);

}  // namespace hawser
