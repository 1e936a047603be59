// Which network cards to use, and by whose driver.
#pragma once

#include "arch/x86_64/uefi/origin.h"
#include "arch/x86_64/uefi/platform.h"
#include "src/main.h"

namespace hawser::uefi {

/// Fills in `context`'s cards: the one that we were loaded from and no other; without such a one,
/// all that there are. The firmware's driver (SNP) is used where it has one and nobody holds it: what
/// started us may be that card's own program. A card without gets a driver of ours, and if there is
/// none, the firmware's managed network (MNP), or else the UNDI of its option ROM (NII). A command
/// line that begins with "native", "snp", "mnp" or "nii" asks for one of these, and the word is taken
/// off it.
void choose_cards(UefiPlatform& platform, Origin& origin, BootContext& context);

}  // namespace hawser::uefi
