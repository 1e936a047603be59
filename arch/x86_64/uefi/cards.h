// Which network cards to use, and by whose driver.
#pragma once

#include "arch/x86_64/uefi/origin.h"
#include "arch/x86_64/uefi/platform.h"
#include "src/main.h"

namespace hawser::uefi {

/// Fills in `context`'s cards: the one that we were loaded from and no other; without such a one,
/// all that there are. Takes "native" off the front of the command line.
void choose_cards(UefiPlatform& platform, Origin& origin, BootContext& context);

}  // namespace hawser::uefi
