// The driver in a UEFI option ROM: offers hawser.efi on the card that the ROM belongs to, as a boot
// option by EFI_LOAD_FILE_PROTOCOL. UEFI Specification 2.10 §11.1, §13.1.
#pragma once

#include "arch/x86_64/uefi/protocols.h"
#include "src/base/bytes.h"

namespace hawser::uefi {

/// Offers the driver to the firmware. `section` is what image.h describes, and is borrowed for as
/// long as the driver lives. firmware.h's globals are set.
/// Errors: CompromisedData (the section is too short), and those of InstallMultipleProtocols().
efi::Code install_driver(Bytes section);

}  // namespace hawser::uefi
